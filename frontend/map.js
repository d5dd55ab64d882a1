// The family map: all members at the places that the server worked out. The table of the page holds the same in words.
import { shapeOf } from "./shapes.mjs";
import { drawing } from "./points.mjs";

const ROOT = 7; // the relation code of the root, see lineage/atlas
const MOST_IN_SVG = 20000;
const LABELS = 14;
const FEW = 3000; // members of a map that shows every link; of a greater one, those to members with children
const AIRY = 40; // the square root of how many members still leave room for bigger signs
const LABEL = [200, 18]; // pixels that a name takes
const LONGEST_LABEL = 256; // pixels, after which it is cut
const REACH = 12; // pixels around the pointer in which a member is found
const REST = 250; // milliseconds the pointer rests before the facts are asked for
const MARGIN = 1.06;

const frame = document.querySelector("[data-map]");

// The arrays of lineage/atlas/packing.py.
const unpacked = (buffer) => {
  const count = new DataView(buffer).getUint32(0, true);
  let at = 4;
  const take = (Kind) => {
    const array = new Kind(buffer, at, count);
    at += array.byteLength;
    return array;
  };
  const [x, y] = [take(Float32Array), take(Float32Array)];
  const [parents, keys] = [take(Uint32Array), take(Uint32Array)];
  const months = take(Uint16Array);
  const [sizes, relations] = [take(Uint8Array), take(Uint8Array)];
  return { count, x, y, parents, keys, months, sizes, relations };
};

const rgb = (text) => {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = text.trim();
  return [1, 3, 5].map((start) => parseInt(probe.fillStyle.slice(start, start + 2), 16) / 255);
};

const palette = () => {
  const styles = getComputedStyle(document.documentElement);
  const colour = (name) => rgb(styles.getPropertyValue(`--${name}`));
  const marks = ["mark-finetune", "mark-adapter", "mark-quantized", "mark-merge", "dataset", "mark-extended", "mark-unspecified", "focus"];
  return { colours: marks.map(colour), page: colour("page"), line: colour("field-line"), light: colour("focus") };
};

const wordOf = (month) => new Intl.DateTimeFormat(document.documentElement.lang, { year: "numeric", month: "long" })
  .format(new Date(Date.UTC(1970, month, 15)));

const shownMap = (map, canvas, picture) => {
  const state = { scale: 1, x: 0, y: 0, month: 65535, shown: 0, lit: -1, colours: palette() };
  let far = 1;
  for (let member = 0; member < map.count; member += 1) far = Math.max(far, Math.hypot(map.x[member], map.y[member]));
  const inner = new Uint8Array(map.count);
  for (let member = 1; member < map.count; member += 1) inner[map.parents[member]] = 1;
  const byKey = new Map();
  const named = [...document.querySelectorAll("[data-member]")].slice(0, LABELS);
  const wanted = new Map(named.map((row) => [Number(row.dataset.member), row.querySelector("th").textContent.trim()]));
  for (let member = 0; member < map.count; member += 1) if (wanted.has(map.keys[member])) byKey.set(map.keys[member], member);

  const isSeen = (member) =>
    (map.relations[member] === ROOT || (state.shown >> map.relations[member]) & 1) &&
    (!map.months[member] || map.months[member] <= state.month);
  const unit = () => (Math.min(canvas.clientWidth, canvas.clientHeight) / (2 * far * MARGIN)) * state.scale;
  const onScreen = (member) => [
    canvas.clientWidth / 2 + (map.x[member] - state.x) * unit(),
    canvas.clientHeight / 2 - (map.y[member] - state.y) * unit(),
  ];
  const labels = frame.querySelector(".map__labels");
  const placeLabels = () => {
    labels.replaceChildren();
    const taken = [];
    for (const [key, member] of byKey) {
      const [left, top] = onScreen(member);
      if (!isSeen(member) || left < 0 || top < 0 || left > canvas.clientWidth || top > canvas.clientHeight) continue;
      if (taken.some(([x, y]) => Math.abs(left - x) < LABEL[0] && Math.abs(top - y) < LABEL[1])) continue;
      taken.push([left, top]);
      const label = document.createElement("span");
      label.textContent = wanted.get(key);
      // By the object model: no style stands in the page. At the side with room for it.
      const right = canvas.clientWidth - left;
      const isLeft = right < LABEL[0] && right < left;
      label.style[isLeft ? "right" : "left"] = `${(isLeft ? right : left) + 8}px`;
      label.style.maxWidth = `${Math.min(LONGEST_LABEL, (isLeft ? left : right) - 8)}px`;
      label.style.top = `${top - 8}px`;
      labels.append(label);
    }
  };
  let asked = 0;
  const paint = () => {
    asked = 0;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const [sx, sy] = [(2 * unit()) / canvas.clientWidth, (2 * unit()) / canvas.clientHeight];
    const grow = ratio * Math.min(4, Math.max(1, AIRY / Math.sqrt(map.count)) * Math.max(1, Math.sqrt(state.scale)));
    picture.draw({ view: [sx, sy, -state.x * sx, -state.y * sy], grow, month: state.month, shown: state.shown, ...state.colours });
    placeLabels();
  };
  const repaint = () => (asked ||= window.requestAnimationFrame(paint));
  const relink = () => {
    const pairs = [];
    for (let member = 1; member < map.count; member += 1) if ((inner[member] || map.count <= FEW) && isSeen(member)) pairs.push(member, map.parents[member]);
    picture.setSkeleton(new Uint32Array(pairs));
    repaint();
  };
  const light = (member) => {
    if (member === state.lit) return;
    state.lit = member;
    const pairs = [];
    for (let at = member; at > 0; at = map.parents[at]) pairs.push(at, map.parents[at]);
    picture.setPath(new Uint32Array(pairs));
    repaint();
  };
  const near = (left, top) => {
    let [best, distance] = [-1, REACH ** 2];
    const [k, ox, oy] = [unit(), canvas.clientWidth / 2 - left, canvas.clientHeight / 2 - top];
    for (let member = 0; member < map.count; member += 1) {
      const [dx, dy] = [ox + (map.x[member] - state.x) * k, oy - (map.y[member] - state.y) * k];
      const away = dx * dx + dy * dy;
      if (away < distance && isSeen(member)) [best, distance] = [member, away];
    }
    return best;
  };
  const zoom = (by, left = canvas.clientWidth / 2, top = canvas.clientHeight / 2) => {
    const before = unit();
    state.scale = by ? Math.min(2000, Math.max(0.5, state.scale * by)) : 1;
    const step = 1 / before - 1 / unit();
    if (!by) [state.x, state.y] = [0, 0];
    else {
      state.x += (left - canvas.clientWidth / 2) * step;
      state.y -= (top - canvas.clientHeight / 2) * step;
    }
    repaint();
  };
  const move = (dx, dy) => {
    state.x -= dx / unit();
    state.y += dy / unit();
    repaint();
  };
  return { state, isSeen, onScreen, near, zoom, move, light, relink, repaint, paint, byKey, wanted };
};

// Hover, click, drag, wheel, keys.
const listen = (map, canvas, view) => {
  const about = frame.querySelector(".map__about");
  const told = new Map();
  let [pressed, dragged, rest, asking] = [null, false, 0, null];
  const tell = async (member) => {
    const key = map.keys[member];
    if (!key) return;
    asking?.abort();
    const mine = (asking = new AbortController());
    try {
      if (!told.has(key)) {
        const answer = await fetch(frame.dataset.page.replace("/0/", `/${key}/glimpse/`), { redirect: "error", signal: mine.signal });
        if (!answer.ok) return;
        told.set(key, new DOMParser().parseFromString(await answer.text(), "text/html").body);
      }
      about.replaceChildren(...[...told.get(key).childNodes].map((node) => node.cloneNode(true)));
    } catch {
      // The pointer went on, or the network failed for a moment: the next member is asked for as well.
    }
  };
  const place = (event) => [event.offsetX, event.offsetY];
  canvas.addEventListener("pointerdown", (event) => {
    [pressed, dragged] = [place(event), false];
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const [left, top] = place(event);
    if (pressed) {
      if (!dragged && Math.hypot(left - pressed[0], top - pressed[1]) < 4) return;
      dragged = true;
      view.move(left - pressed[0], top - pressed[1]);
      pressed = [left, top];
      return;
    }
    window.clearTimeout(rest);
    const member = view.near(left, top);
    view.light(member);
    canvas.classList.toggle("map__canvas--over", member >= 0);
    if (member >= 0) rest = window.setTimeout(tell, REST, member);
  });
  canvas.addEventListener("pointerup", (event) => {
    const member = dragged || !pressed ? -1 : view.near(...place(event));
    pressed = null;
    if (member >= 0 && map.keys[member]) window.location.assign(frame.dataset.page.replace("/0/", `/${map.keys[member]}/`));
  });
  canvas.addEventListener("pointercancel", () => (pressed = null));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    view.zoom(event.deltaY < 0 ? 1.25 : 0.8, ...place(event));
  }, { passive: false });
  const keys = {
    ArrowLeft: () => view.move(40, 0),
    ArrowRight: () => view.move(-40, 0),
    ArrowUp: () => view.move(0, 40),
    ArrowDown: () => view.move(0, -40),
    "+": () => view.zoom(1.5),
    "=": () => view.zoom(1.5),
    "-": () => view.zoom(1 / 1.5),
    0: () => view.zoom(0),
  };
  canvas.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const button of frame.querySelectorAll("[data-zoom]"))
    button.addEventListener("click", () => view.zoom(Number(button.dataset.zoom)));
  new ResizeObserver(view.repaint).observe(canvas);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    view.state.colours = palette();
    view.repaint();
  });
};

const filter = (map, view) => {
  const boxes = [...frame.querySelectorAll("[name=relation]")];
  const slider = frame.querySelector("#map-month");
  const word = frame.querySelector(".map__month");
  let [first, last] = [65535, 0];
  for (const month of map.months) if (month) [first, last] = [Math.min(first, month), Math.max(last, month)];
  slider.closest(".field").hidden = first >= last;
  [slider.min, slider.max, slider.value] = [first, last, last];
  const apply = () => {
    view.state.shown = boxes.reduce((bits, box) => bits | (box.checked ? 1 << Number(box.value) : 0), 0);
    const month = Number(slider.value);
    view.state.month = month >= last ? 65535 : month;
    word.textContent = month >= last ? frame.dataset.allMonths : `${frame.dataset.until} ${wordOf(month)}`;
    slider.setAttribute("aria-valuetext", word.textContent);
    view.relink();
  };
  for (const input of [...boxes, slider]) input.addEventListener("input", apply);
  apply();
};

const save = (blob, ending) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `map-${frame.dataset.focus}.${ending}`;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

// What is seen, as a drawing of its own: colours written out, names of the greatest as text.
const asSvg = (map, canvas, view) => {
  const hex = (colour) => `#${colour.map((part) => Math.round(part * 255).toString(16).padStart(2, "0")).join("")}`;
  const shapes = [...frame.querySelectorAll("[name=relation]")].map((box) => [Number(box.value), box.dataset.shape]);
  const shapeFor = new Map(shapes);
  const { colours, page, line } = view.state.colours;
  const [edges, marks] = [[], []];
  for (let member = map.count - 1; member >= 0 && marks.length < MOST_IN_SVG; member -= 1) {
    const [left, top] = view.onScreen(member);
    if (!view.isSeen(member) || left < 0 || top < 0 || left > canvas.clientWidth || top > canvas.clientHeight) continue;
    const [px, py] = view.onScreen(map.parents[member]);
    const scale = map.relations[member] === ROOT ? 1 : 0.3 + map.sizes[member] / 400;
    edges.push(`M${left.toFixed(1)},${top.toFixed(1)}L${px.toFixed(1)},${py.toFixed(1)}`);
    marks.push(`<path transform="translate(${left.toFixed(1)},${top.toFixed(1)}) scale(${scale.toFixed(2)})" fill="${hex(colours[map.relations[member]])}" d="${shapeOf(shapeFor.get(map.relations[member]))}"/>`);
  }
  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const texts = [...view.byKey].filter(([, member]) => view.isSeen(member)).map(([key, member]) => {
    const [left, top] = view.onScreen(member);
    return `<text x="${(left + 8).toFixed(1)}" y="${(top + 4).toFixed(1)}" font-family="sans-serif" font-size="12" fill="${hex(line)}">${escaped(view.wanted.get(key))}</text>`;
  });
  const size = `width="${canvas.clientWidth}" height="${canvas.clientHeight}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect ${size} fill="${hex(page)}"/><path fill="none" stroke="${hex(line)}" stroke-opacity="0.25" d="${edges.join("")}"/>${marks.join("")}${texts.join("")}</svg>`;
};

const start = async () => {
  const status = frame.querySelector(".map__status");
  const canvas = frame.querySelector("canvas");
  const probe = document.createElement("canvas").getContext("webgl2");
  document.querySelector("[data-without-picture]").remove();
  if (!probe) {
    document.querySelector("[data-without-gl]").hidden = false;
    return;
  }
  probe.getExtension("WEBGL_lose_context")?.loseContext();
  frame.hidden = false;
  const stop = new AbortController();
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "link-button", textContent: frame.dataset.cancel });
  button.addEventListener("click", () => stop.abort());
  status.replaceChildren(frame.dataset.loading, " ", button);
  try {
    const answer = await fetch(frame.dataset.map, { redirect: "error", signal: stop.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const map = unpacked(await answer.arrayBuffer());
    const view = shownMap(map, canvas, drawing(canvas, map));
    filter(map, view);
    listen(map, canvas, view);
    view.paint();
    status.textContent = "";
    frame.dataset.painted = String(Math.round(performance.now()));
    frame.querySelector("[data-save=png]").addEventListener("click", () => {
      view.paint(); // the canvas keeps nothing from one frame to the next
      canvas.toBlob((blob) => save(blob, "png"));
    });
    frame.querySelector("[data-save=svg]").addEventListener("click", () =>
      save(new Blob([asSvg(map, canvas, view)], { type: "image/svg+xml" }), "svg"));
  } catch (error) {
    status.textContent = error.name === "AbortError" ? "" : frame.dataset.failed;
  }
};

if (frame) start();
