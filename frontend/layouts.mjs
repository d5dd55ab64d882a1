// Where the branches stand: generations in columns where there is room, else one below the other, indented.
import { hierarchy, tree as tidy } from "d3-hierarchy";
import { belowName, cut } from "./branches.mjs";

const ROW = 26;
const TALL_ROW = 36; // of an indented branch with a line below its name
const GAP = 56; // pixels between the longest name of a generation and the next generation
const TALL = 1200; // pixels of a drawing so high that a parent stands beside its first child, or it would be out of sight
const INDENT = 20;
const LETTER = 7.4; // pixels of one letter of a label, about
const SMALL_LETTER = 6; // the same, of the line below it
const LONGEST_LABEL = 60;
const SHORTEST_LABEL = 18;
export const NARROW = 640; // pixels of a frame too narrow for columns
const BEFORE = 60; // pixels left of the root

const MARK = 12; // from the middle of a mark to its label

// Places every node: `x` is down and `y` to the right, as d3-hierarchy has it. Says how names are cut, how edges run, and
// along which nodes the keys for up and down move.
export const laidOut = (branch, width, words) => {
  const root = hierarchy(branch);
  return width < NARROW ? indented(root, width, words) : inColumns(root, words);
};

const curved = (y, x, to) => `M${y},${x}C${(y + to.y) / 2},${x} ${(y + to.y) / 2},${to.x} ${to.y - 8},${to.x}`;
const bent = (y, x, to) => `M${y},${x}H${to.y - GAP / 2 - 8}V${to.x}H${to.y - 8}`; // hundreds of curves would fill the page
const heightOf = (nodes) => Math.max(...nodes.map((node) => node.x)) - Math.min(...nodes.map((node) => node.x));

const inColumns = (root, words) => {
  tidy().nodeSize([ROW, 1])(root);
  const nodes = root.descendants();
  const isTall = heightOf(nodes) > TALL;
  if (isTall) root.eachAfter((node) => node.children && (node.x = node.children[0].x));
  const lengthOf = (node) =>
    16 + Math.max(cut(node.data.name, LONGEST_LABEL).length * LETTER, belowName(node.data, words, LONGEST_LABEL).length * SMALL_LETTER);
  // Each generation begins to the right of the longest name of the one before.
  const starts = [0];
  for (const node of nodes) starts[node.depth + 1] = Math.max(starts[node.depth + 1] || 0, starts[node.depth] + lengthOf(node) + GAP);
  for (const node of nodes) node.y = starts[node.depth];
  const run = isTall ? bent : curved;
  return {
    nodes,
    box: [-BEFORE, Math.min(...nodes.map((node) => node.x)) - ROW, starts.at(-1) - GAP + BEFORE + 40, heightOf(nodes) + 2 * ROW],
    longest: () => LONGEST_LABEL,
    row: (node) => nodes.filter((other) => other.depth === node.depth),
    toggle: () => ({ x: -MARK, "text-anchor": "end" }),
    // An edge leaves where the label of its source ends, so that it crosses no name.
    edge: (from, to) => run(from.y + 16 + cut(from.data.name, LONGEST_LABEL).length * LETTER, from.x, to),
    also: (from, to) => curved(from.y, from.x, to),
  };
};

const indented = (root, width, words) => {
  const nodes = [];
  root.eachBefore((node) => nodes.push(node)); // in the order of the list
  const longest = (node) => Math.max(SHORTEST_LABEL, Math.floor((width - node.y - 90) / LETTER));
  let down = 0;
  for (const node of nodes) {
    [node.x, node.y] = [down, node.depth * INDENT];
    down += belowName(node.data, words, LONGEST_LABEL) ? TALL_ROW : ROW;
  }
  const right = Math.max(width - 24, ...nodes.map((node) => node.y + longest(node) * LETTER + 70));
  return {
    nodes,
    box: [-16, -ROW, right, down + ROW],
    longest,
    row: () => nodes,
    toggle: (node) => ({ x: MARK + 8 + cut(node.data.name, longest(node)).length * LETTER, "text-anchor": "start" }),
    edge: (from, to) => `M${from.y},${from.x + 9}V${to.x}H${to.y - 8}`,
    also: (from, to) => `M${from.y},${from.x}C${from.y - 14},${from.x} ${to.y - 14},${to.x} ${to.y - 8},${to.x}`,
  };
};
