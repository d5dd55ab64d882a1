// What the nested list of the page says, as records that can be drawn.

// One record a branch, in the list's order.
export const branchOf = (item) => {
  const link = item.querySelector(":scope > .artifact__name, :scope > .muted");
  const inner = item.querySelector(":scope > details > ul");
  return {
    key: item.dataset.key,
    name: link ? link.textContent.trim() : "",
    relation: item.dataset.relation,
    certainty: item.dataset.certainty,
    count: Number(item.dataset.children),
    also: item.dataset.also.split(" ").filter(Boolean),
    isFocus: item.classList.contains("tree__focus"),
    others: inner ? inner.querySelector(":scope > li > .tree__others")?.textContent.trim() : "",
    folded: item.querySelector(":scope > details > ul > .tree__folded, :scope > details > .tree__folded")?.textContent,
    item,
    children: [...(inner?.children || [])].filter((child) => child.dataset.key).map(branchOf),
  };
};

// A name too long loses its middle: its owner and its end tell it from its siblings.
export const cut = (text, longest) =>
  text.length > longest ? `${text.slice(0, longest / 3)}…${text.slice(1 - (longest * 2) / 3)}` : text;

// Below a name: how many children are not drawn, and the other sources, where they stand elsewhere.
export const belowName = (data, words, longest) => {
  const [first, ...rest] = data.item.querySelectorAll(":scope > .tree__also > .artifact__name");
  const also = first ? `${words.also} ${cut(first.textContent, longest)}${rest.length ? ` + ${rest.length}` : ""}` : "";
  return [data.children.length ? data.others : "", also].filter(Boolean).join(" · ");
};
