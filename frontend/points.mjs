// The drawing of a map on a WebGL 2 canvas: all members as points in one call, the skeleton as lines in another.
const POINTS = `#version 300 es
uniform vec4 view; // scale x, scale y, shift x, shift y
uniform float grow;
uniform float month;
uniform int shown; // one bit a relation
uniform vec3 colours[8];
layout(location = 0) in vec2 place;
layout(location = 1) in float size;
layout(location = 2) in float relation;
layout(location = 3) in float born;
flat out int shape;
flat out vec3 colour;
void main() {
  int code = int(relation);
  bool seen = (code == 7 || (shown & (1 << code)) != 0) && (born == 0.0 || born <= month);
  shape = code;
  colour = colours[code];
  gl_Position = seen ? vec4(place * view.xy + view.zw, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = (code == 7 ? 16.0 : 3.0 + size * 0.03) * grow;
}`;
const SHAPES = `#version 300 es
precision mediump float;
flat in int shape;
flat in vec3 colour;
out vec4 drawn;
void main() {
  vec2 at = gl_PointCoord * 2.0 - 1.0;
  bool inside = true;
  if (shape == 0) inside = dot(at, at) <= 1.0;                                   // circle
  else if (shape == 1) inside = at.y > -1.0 && abs(at.x) <= (at.y + 1.0) * 0.5;  // triangle
  else if (shape == 3) inside = abs(at.x) + abs(at.y) <= 1.0;                    // diamond
  else if (shape == 4) inside = dot(at, at) <= 1.0 && dot(at, at) >= 0.25;       // ring
  else if (shape == 5) inside = abs(at.x) <= 0.87 && abs(at.y) <= 1.0 - abs(at.x) * 0.58; // hexagon
  else if (shape == 7) inside = abs(at.x * at.y) <= 0.08;                       // star
  else if (shape == 6) inside = abs(at.x) <= 0.4 || abs(at.y) <= 0.4;            // cross
  if (!inside) discard;
  drawn = vec4(colour, 0.9);
}`;
const LINES = `#version 300 es
uniform vec4 view;
layout(location = 0) in vec2 place;
void main() { gl_Position = vec4(place * view.xy + view.zw, 0.0, 1.0); }`;
const PLAIN = `#version 300 es
precision mediump float;
uniform vec4 ink;
out vec4 drawn;
void main() { drawn = ink; }`;

const program = (gl, vertex, fragment) => {
  const made = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made));
  return made;
};

// What draws `map` on the canvas, or null where there is no WebGL 2.
export const drawing = (canvas, map) => {
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false });
  if (!gl) return null;
  const points = program(gl, POINTS, SHAPES);
  const lines = program(gl, LINES, PLAIN);
  const at = (which, name) => gl.getUniformLocation(which, name);
  const column = (data) => {
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    return buffer;
  };
  const everything = gl.createVertexArray();
  gl.bindVertexArray(everything);
  const places = new Float32Array(map.count * 2);
  for (let member = 0; member < map.count; member += 1) {
    places[member * 2] = map.x[member];
    places[member * 2 + 1] = map.y[member];
  }
  const columns = [[places, 2, gl.FLOAT], [map.sizes, 1, gl.UNSIGNED_BYTE], [map.relations, 1, gl.UNSIGNED_BYTE], [map.months, 1, gl.UNSIGNED_SHORT]];
  columns.forEach(([data, width, kind], slot) => {
    column(data);
    gl.enableVertexAttribArray(slot);
    gl.vertexAttribPointer(slot, width, kind, false, 0, 0);
  });
  const skeleton = gl.createBuffer();
  const path = gl.createBuffer();
  const counts = { skeleton: 0, path: 0 };
  const links = (buffer, pairs) => {
    gl.bindVertexArray(everything);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, pairs, gl.DYNAMIC_DRAW);
    return pairs.length;
  };
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);

  return {
    // Which lines stand: pairs of members.
    setSkeleton: (pairs) => (counts.skeleton = links(skeleton, pairs)),
    setPath: (pairs) => (counts.path = links(path, pairs)),
    draw: ({ view, month, shown, colours, page, line, light, grow }) => {
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(...page, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.bindVertexArray(everything);
      gl.useProgram(lines);
      gl.uniform4fv(at(lines, "view"), view);
      for (const [buffer, count, ink] of [[skeleton, counts.skeleton, [...line, 0.35]], [path, counts.path, [...light, 1]]]) {
        if (!count) continue;
        gl.uniform4fv(at(lines, "ink"), ink);
        gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer);
        gl.drawElements(gl.LINES, count, gl.UNSIGNED_INT, 0);
      }
      gl.useProgram(points);
      gl.uniform4fv(at(points, "view"), view);
      gl.uniform1f(at(points, "grow"), grow);
      gl.uniform1f(at(points, "month"), month);
      gl.uniform1i(at(points, "shown"), shown);
      gl.uniform3fv(at(points, "colours"), colours.flat());
      gl.drawArrays(gl.POINTS, 0, map.count);
    },
  };
};
