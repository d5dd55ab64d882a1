// The family tree as a picture: drawn from the nested list of the page, which holds everything it shows.
// A change of what is drawn is a new address; its page is fetched, and list and picture are put in place together.
import { belowName, branchOf, cut } from "./branches.mjs";
import { NARROW, laidOut } from "./layouts.mjs";
import { html, shapeOf, svg } from "./shapes.mjs";

const DENSE = 80; // nodes of a drawing whose edges are drawn lighter
const PATIENCE = 300; // milliseconds before it is said that something loads
let fetching = null;

// The address in which this branch is open, or closed, or lit.
const changed = (branch, change) => {
  const address = new URL(window.location.href);
  const keys = (name) => new Set((address.searchParams.get(name) || "").split("-").filter(Boolean));
  const [open, shut] = [keys("open"), keys("shut")];
  if (change === "open") open.add(branch.key), shut.delete(branch.key);
  if (change === "shut") shut.add(branch.key), open.delete(branch.key);
  if (change === "lit") address.searchParams.set("lit", branch.key);
  address.searchParams.set("open", [...open].join("-"));
  address.searchParams.set("shut", [...shut].join("-"));
  for (const name of ["open", "shut"]) if (!address.searchParams.get(name)) address.searchParams.delete(name);
  address.hash = "";
  return address;
};

const region = () => document.getElementById("family-tree");

// A line that says what happens, with a way to stop it.
const say = (text, stop) => {
  const line = region().querySelector(".picture__status");
  line.replaceChildren(text);
  if (stop) {
    const button = html("button", { type: "button", class: "link-button" }, stop.label);
    button.addEventListener("click", stop.act);
    line.append(" ", button);
  }
};

const go = async (address, { remember = true, focused = null } = {}) => {
  const words = region().querySelector("[data-picture]").dataset;
  fetching?.abort();
  const mine = (fetching = new AbortController());
  const late = window.setTimeout(() => {
    region().setAttribute("aria-busy", "true");
    say(words.loading, { label: words.cancel, act: () => mine.abort() });
  }, PATIENCE);
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "error", signal: mine.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("family-tree");
    region().replaceWith(document.adoptNode(fresh));
    if (remember) window.history.pushState(null, "", address);
    draw(focused);
  } catch (error) {
    say(error.name === "AbortError" ? "" : words.failed);
  } finally {
    window.clearTimeout(late);
    region().removeAttribute("aria-busy");
  }
};

const nodeOf = (node, layout, words) => {
  const { data } = node;
  const longest = layout.longest(node);
  const below = belowName(data, words, longest);
  const opens = data.count > 0;
  const mark = svg("path", { class: `mark mark--${data.relation || "root"}`, d: shapeOf(data.relation) });
  const label = svg("text", { x: 12, y: 4 }, cut(data.name, longest), svg("title", {}, data.name));
  const drawn = svg(
    "g",
    {
      class: `node${data.isFocus ? " node--focus" : ""}`,
      role: "treeitem",
      tabindex: -1,
      "aria-level": node.depth + 1,
      "aria-label": [data.name, data.item.querySelector(":scope > .tree__relation")?.textContent, below]
        .filter(Boolean)
        .join(", "),
      "aria-expanded": opens ? String(data.children.length > 0) : undefined,
      transform: `translate(${node.y},${node.x})`,
      "data-key": data.key,
    },
    mark,
    label,
  );
  if (opens) {
    const sign = data.children.length ? "−" : `+${data.count}`;
    drawn.append(svg("text", { class: "node__toggle", y: 4, ...layout.toggle(node) }, sign));
  }
  if (below) drawn.append(svg("text", { class: "node__others", x: 12, y: 17 }, below));
  return drawn;
};

// What is known of one branch, in the words of the list, and what can be done with it.
const about = (panel, branch, words) => {
  const parts = [...branch.item.childNodes].filter((part) => part.nodeName !== "DETAILS").map((part) => part.cloneNode(true));
  const line = html("p", {}, ...parts);
  const acts = html("p", { class: "picture__acts" });
  const act = (label, does) => {
    const button = html("button", { type: "button", class: "link-button" }, label);
    button.addEventListener("click", does);
    acts.append(button, " ");
  };
  if (branch.count) {
    const isOpen = branch.children.length > 0;
    act(isOpen ? words.close : words.open, () => go(changed(branch, isOpen ? "shut" : "open"), { focused: branch.key }));
  }
  const page = branch.item.querySelector(":scope > a.artifact__name");
  if (page) acts.append(html("a", { href: `${page.getAttribute("href")}tree/` }, words.focus));
  panel.replaceChildren(line, acts);
};

const draw = (focused = null) => {
  const frame = region()?.querySelector("[data-picture]");
  const first = region()?.querySelector(".tree > li");
  if (!frame || !first) return;
  const words = frame.dataset;
  const layout = laidOut(branchOf(first), region().clientWidth, words);
  const { nodes, box } = layout;
  const byKey = new Map(nodes.map((node) => [node.data.key, node]));

  const edges = svg("g", { "aria-hidden": "true" });
  for (const node of nodes) {
    const certainty = node.data.certainty || "declared";
    if (node.parent) edges.append(svg("path", { class: `edge edge--${certainty}`, d: layout.edge(node.parent, node), "data-to": node.data.key }));
    for (const key of node.data.also)
      if (byKey.has(key)) edges.append(svg("path", { class: "edge edge--also", d: layout.also(byKey.get(key), node) }));
  }
  const items = new Map(nodes.map((node) => [node.data.key, nodeOf(node, layout, words)]));
  const picture = svg(
    "svg",
    { class: `picture__tree${nodes.length > DENSE ? " picture__tree--dense" : ""}`, width: box[2], height: box[3], viewBox: box.join(" "), role: "tree", "aria-label": words.label },
    edges,
    ...items.values(),
  );

  const panel = html("div", { class: "picture__about", "aria-live": "polite" });
  const status = html("p", { class: "picture__status", role: "status" });
  const field = html("input", { type: "search", id: "tree-search", autocomplete: "off", spellcheck: "false" });
  const search = html("div", { class: "picture__search" }, html("label", { for: "tree-search" }, words.search), field, status);
  const hint = html("p", { class: "hint" }, words.keys);
  const scroll = html("div", { class: "picture__scroll" }, picture);
  frame.replaceChildren(search, hint, scroll, panel);
  frame.hidden = false;
  region().querySelector("[data-without-picture]")?.remove();

  let current = null;
  const take = (key, { moves = true } = {}) => {
    if (current) items.get(current).setAttribute("tabindex", -1);
    current = key;
    items.get(key).setAttribute("tabindex", 0);
    if (moves) items.get(key).focus();
  };
  const light = (key) => {
    const path = new Set(byKey.get(key)?.ancestors().map((node) => node.data.key));
    for (const [other, item] of items) {
      item.classList.toggle("node--lit", path.has(other));
      item.setAttribute("aria-selected", String(other === key));
    }
    for (const line of edges.children) line.classList.toggle("edge--lit", path.has(line.dataset.to));
    if (byKey.has(key)) about(panel, byKey.get(key).data, words);
  };
  const choose = (key) => {
    take(key);
    light(key);
    window.history.replaceState(null, "", changed(byKey.get(key).data, "lit"));
  };
  const toggle = (key) => {
    const { data } = byKey.get(key);
    if (data.count) go(changed(data, data.children.length ? "shut" : "open"), { focused: key });
  };
  const find = () => {
    const text = field.value.trim().toLowerCase();
    const found = nodes.filter((node) => text && node.data.name.toLowerCase().includes(text)).map((node) => node.data.key);
    picture.classList.toggle("picture__tree--searched", Boolean(text));
    for (const [key, item] of items) item.classList.toggle("node--found", found.includes(key));
    status.textContent = text ? `${words.found} ${found.length}` : "";
    return found;
  };

  picture.addEventListener("click", (event) => {
    const key = event.target.closest(".node")?.dataset.key;
    if (!key) return;
    if (event.target.classList.contains("node__toggle")) toggle(key);
    else choose(key);
  });
  picture.addEventListener("keydown", (event) => {
    const node = byKey.get(current);
    const row = layout.row(node);
    const beside = (step) => row[row.indexOf(node) + step];
    const acts = {
      ArrowDown: () => beside(1) && take(beside(1).data.key),
      ArrowUp: () => beside(-1) && take(beside(-1).data.key),
      ArrowLeft: () => node.parent && take(node.parent.data.key),
      ArrowRight: () => (node.children ? take(node.children[0].data.key) : toggle(current)),
      Home: () => take(nodes[0].data.key),
      Enter: () => choose(current),
      " ": () => choose(current),
      "+": () => !node.children && toggle(current),
      "-": () => node.children && toggle(current),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    acts[event.key]();
  });
  field.addEventListener("input", find);
  field.addEventListener("keydown", (event) => {
    const found = event.key === "Enter" ? find() : [];
    if (event.key === "Enter") event.preventDefault();
    if (found.length) choose(found[(found.indexOf(current) + 1) % found.length]);
  });

  const lit = region().dataset.lit;
  const start = [focused, lit, nodes.find((node) => node.data.isFocus)?.data.key, nodes[0].data.key].find((key) => byKey.has(key));
  take(start, { moves: Boolean(focused) });
  if (byKey.has(lit)) light(lit);
  const place = byKey.get(start);
  scroll.scrollTo(place.y - box[0] - scroll.clientWidth / 3, place.x - box[1] - scroll.clientHeight / 2);
};

// What stands outside the picture changes it in the same way: the form, and the links of the list.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-tree-form]") || !region()?.querySelector("[data-picture]")) return;
  event.preventDefault();
  const address = new URL(event.target.action);
  address.search = new URLSearchParams(new FormData(event.target)).toString();
  const lit = new URL(window.location.href).searchParams.get("lit");
  if (lit) address.searchParams.set("lit", lit);
  go(address);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#family-tree .tree a[href^='?']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(new URL(link.href));
});
window.addEventListener("popstate", () => go(new URL(window.location.href), { remember: false }));
window.matchMedia(`(max-width: ${NARROW}px)`).addEventListener("change", () => draw()); // a phone is turned
draw();
