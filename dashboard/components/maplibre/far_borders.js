// Borders between units while the whole country is seen: some hundred thousand hairlines, which move with the view but
// not with the year. They are drawn once for a view into a picture of their own, which lies over the units of each year:
// as a layer of lines they took half the time of a step where the processor draws.
import maplibregl from "maplibre-gl/dist/maplibre-gl-csp.js";

export const FAR_BORDERS = "far-borders";
export const NEAR = 5; // from here on fewer units are in sight, and a layer of lines draws them

const LEAST = 0.5 / (512 * 2 ** NEAR); // half a pixel of the nearest view, as a part of the world
const COPIES = [-1, 0, 1]; // of the world, west and east

const LINES = `#version 300 es
uniform mat4 matrix;
uniform vec2 size;
uniform float reach;
uniform float copied;
in vec2 corner;
in vec4 segment;
out float away;
void main() {
  vec4 from = matrix * vec4(segment.x + copied, segment.y, 0.0, 1.0);
  vec4 to = matrix * vec4(segment.z + copied, segment.w, 0.0, 1.0);
  vec2 a = from.xy / from.w * size * 0.5;
  vec2 b = to.xy / to.w * size * 0.5;
  vec2 along = normalize(b - a + vec2(1e-6, 0.0));
  away = corner.y * reach;
  gl_Position = vec4((mix(a, b, corner.x) + away * vec2(-along.y, along.x)) / size * 2.0, 0.0, 1.0);
}`;

const LINE = `#version 300 es
precision highp float;
uniform vec4 colour;
uniform float reach;
in float away;
out vec4 shown;
void main() { shown = colour * clamp(reach - abs(away), 0.0, 1.0); }`;

const PICTURE = `#version 300 es
in vec2 corner;
void main() { gl_Position = vec4(corner.x * 4.0 - 1.0, corner.y * 2.0 + 1.0, 0.0, 1.0); }`;

const PIXEL = `#version 300 es
precision highp float;
uniform highp sampler2D picture;
out vec4 shown;
void main() { shown = texelFetch(picture, ivec2(gl_FragCoord.xy), 0); }`;

// The pieces of lines between bends that can be seen: from where to where, as parts of the world.
function segmentsOf(lines) {
  const found = [];
  for (const line of lines.coordinates) {
    let last = null;
    line.forEach((point, at) => {
      const { x, y } = maplibregl.MercatorCoordinate.fromLngLat(point);
      if (last && at < line.length - 1 && Math.hypot(x - last.x, y - last.y) < LEAST) return;
      if (last && Math.abs(x - last.x) < 0.5) found.push(last.x, last.y, x, y);
      last = { x, y };
    });
  }
  return new Float32Array(found);
}

function programOf(gl, vertex, fragment) {
  const program = gl.createProgram();
  [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]].forEach(([type, source]) => {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  });
  gl.bindAttribLocation(program, 0, "corner");
  gl.bindAttribLocation(program, 1, "segment");
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
  return program;
}

function setNumbers(gl, place, numbers, size, each) {
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, numbers, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(place);
  gl.vertexAttribPointer(place, size, gl.FLOAT, false, 0, 0);
  gl.vertexAttribDivisor(place, each);
  return buffer;
}

const bytes = (colour) => [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16) / 255);

// lines: a MultiLineString; width: pixels at a zoom; like: the layer of lines near by, whose colour they have, and which
// fades with them.
export class FarBorders {
  id = FAR_BORDERS;
  type = "custom";

  constructor(lines, width, like) {
    Object.assign(this, { lines, width, like });
  }

  onAdd(map, gl) {
    this.map = map;
    const segments = segmentsOf(this.lines);
    this.pieces = segments.length / 4;
    this.lineProgram = programOf(gl, LINES, LINE);
    this.pictureProgram = programOf(gl, PICTURE, PIXEL);
    this.uniforms = Object.fromEntries(
      ["matrix", "size", "reach", "copied", "colour"].map((name) => [name, gl.getUniformLocation(this.lineProgram, name)]),
    );
    this.corners = gl.createVertexArray();
    gl.bindVertexArray(this.corners);
    this.buffers = [setNumbers(gl, 0, new Float32Array([0, -1, 0, 1, 1, -1, 1, 1]), 2, 0), setNumbers(gl, 1, segments, 4, 1)];
    gl.bindVertexArray(null);
    this.texture = gl.createTexture();
    this.frame = gl.createFramebuffer();
    this.drawn = "";
  }

  onRemove(map, gl) {
    [this.lineProgram, this.pictureProgram].forEach((one) => gl.deleteProgram(one));
    gl.deleteVertexArray(this.corners);
    this.buffers.forEach((one) => gl.deleteBuffer(one));
    gl.deleteTexture(this.texture);
    gl.deleteFramebuffer(this.frame);
  }

  get colour() {
    return this.map.getPaintProperty(this.like, "line-color");
  }

  get shown() {
    return this.map.getPaintProperty(this.like, "line-opacity") !== 0 && this.map.getZoom() < NEAR;
  }

  prerender(gl, { defaultProjectionData }) {
    if (!this.shown) return;
    const matrix = Array.from(defaultProjectionData.mainMatrix);
    const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
    const view = [matrix, width, height, this.colour].join();
    if (view === this.drawn) return;
    this.drawn = view;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    if (this.size !== `${width}x${height}`) {
      this.size = `${width}x${height}`;
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
    gl.viewport(0, 0, width, height);
    gl.disable(gl.SCISSOR_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.DEPTH_TEST);
    gl.colorMask(true, true, true, true);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendEquation(gl.MAX); // where two pieces meet the line is no stronger
    gl.useProgram(this.lineProgram);
    gl.uniformMatrix4fv(this.uniforms.matrix, false, matrix);
    gl.uniform2f(this.uniforms.size, width, height);
    gl.uniform1f(this.uniforms.reach, (this.width(this.map.getZoom()) * this.map.getPixelRatio()) / 2 + 0.5);
    gl.uniform4f(this.uniforms.colour, ...bytes(this.colour), 1);
    gl.bindVertexArray(this.corners);
    COPIES.forEach((copied) => {
      gl.uniform1f(this.uniforms.copied, copied);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.pieces);
    });
    gl.bindVertexArray(null);
    gl.blendEquation(gl.FUNC_ADD);
  }

  render(gl) {
    if (!this.shown) return;
    gl.disable(gl.DEPTH_TEST);
    gl.useProgram(this.pictureProgram);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.bindVertexArray(this.corners);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.bindVertexArray(null);
  }
}
