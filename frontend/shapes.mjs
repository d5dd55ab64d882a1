// The sign of each relation, the same as in the legend (templates/lineage/_shape.html): never colour alone.
const SHAPES = {
  finetune: "M6,0A6,6 0 1,1 -6,0A6,6 0 1,1 6,0Z",
  adapter: "M0,-7L6.5,5H-6.5Z",
  quantized: "M-5.5,-5.5H5.5V5.5H-5.5Z",
  merge: "M0,-7.5L7.5,0L0,7.5L-7.5,0Z",
  trained_on: "M6,0A6,6 0 1,1 -6,0A6,6 0 1,1 6,0ZM3,0A3,3 0 1,0 -3,0A3,3 0 1,0 3,0Z",
  unspecified: "M-6,-2H-2V-6H2V-2H6V2H2V6H-2V2H-6Z",
  extended_from: "M0,-7L6.5,-3.5V3.5L0,7L-6.5,3.5V-3.5Z",
};
const ROOT = "M0,-7.5L2,-2.5L7,-2.5L3,1L4.5,6.5L0,3.3L-4.5,6.5L-3,1L-7,-2.5L-2,-2.5Z";

export const shapeOf = (relation) => SHAPES[relation] || ROOT;

// An element of SVG with attributes and children; strings become text.
export const svg = (name, attributes = {}, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

// The same of HTML.
export const html = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  element.append(...children);
  return element;
};
