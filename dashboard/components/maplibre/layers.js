// What is drawn, from the ground up. Colours that depend on the theme are read from the style sheet.
import { feature } from "topojson-client";
import { PAPER } from "./paper.js";

export const MISSING = -1;
const UNKNOWN = -2;

export const state = (name) => ["boolean", ["feature-state", name], false];
const CLASS = ["coalesce", ["feature-state", "cls"], UNKNOWN];

async function fetchJson(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const plain = await answer.json();
  return plain.type === "Topology" ? feature(plain, plain.objects.units) : plain;
}

const asked = new Map();

// What the page's head announces is fetched and decoded while the rest of the page is still being built.
export function preload() {
  document.querySelectorAll("link[rel=preload][as=fetch]").forEach((link) => {
    const url = link.getAttribute("href");
    asked.set(url, fetchJson(url));
    asked.get(url).catch(() => {});
  });
}

export function fetchOnce(url) {
  const early = asked.get(url);
  asked.delete(url);
  return early || fetchJson(url);
}

export function themed(name) {
  const shown = document.querySelector(`.${PAPER}`) || document.documentElement; // while the map goes to paper
  return window.getComputedStyle(shown).getPropertyValue(name).trim();
}

// Diagonal lines that meet across tiles; drawn at twice the size, so they stay thin on dense screens.
function lines(size, bands, rising) {
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const along = (rising ? x + y : x - y + size) % size;
      const band = bands.find((one) => along >= one.from && along < one.to);
      if (band) data.set([1, 3, 5].map((place) => parseInt(band.colour.slice(place, place + 2), 16)).concat(255), (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

// Dots with an edge, in rows set off against each other.
function dots(size, radius, colour, edge) {
  const data = new Uint8Array(size * size * 4);
  const middles = [0, size].flatMap((x) => [0, size].map((y) => [x, y])).concat([[size / 2, size / 2]]);
  const bytes = (one) => [1, 3, 5].map((place) => parseInt(one.slice(place, place + 2), 16)).concat(255);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const away = Math.min(...middles.map(([mx, my]) => Math.hypot(x + 0.5 - mx, y + 0.5 - my)));
      if (away <= radius) data.set(bytes(away <= radius - 1 ? colour : edge), (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

function setImage(map, name, image) {
  if (map.hasImage(name)) map.updateImage(name, image);
  else map.addImage(name, image, { pixelRatio: 2 });
}

function setImages(map) {
  setImage(map, "missing", lines(8, [{ from: 0, to: 2, colour: themed("--hatch-line") }], true));
  setImage(map, "unsure", dots(14, 2.6, themed("--cover-line"), themed("--cover-edge")));
  // Dark with a light edge, so that it shows on the lightest class and on the darkest.
  const [dark, light] = [themed("--cover-line"), themed("--cover-edge")];
  setImage(map, "covered", lines(16, [{ from: 0, to: 4, colour: dark }, { from: 4, to: 6, colour: light }], false));
}

export function fillColour(colours) {
  if (!colours.length) return "rgba(0,0,0,0)";
  return ["match", CLASS, ...colours.flatMap((colour, place) => [place, colour]), "rgba(0,0,0,0)"];
}

const DRAWN = ["ground", "missing", "fill", "unsure", "covered", "borders", "outline", "hover", "selected-casing", "selected"];

export function removeLayers(map) {
  DRAWN.forEach((name) => map.getLayer(name) && map.removeLayer(name));
  ["units", "outline"].forEach((name) => map.getSource(name) && map.removeSource(name));
}

const byZoom = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];

export function addLayers(map, units, outline) {
  setImages(map);
  map.addSource("units", { type: "geojson", data: units, promoteId: "i", tolerance: 0.3, buffer: 32 });
  const fill = (id, paint) => map.addLayer({ id, type: "fill", source: "units", paint: { "fill-antialias": false, ...paint } });
  const line = (id, source, paint) => map.addLayer({ id, type: "line", source, paint });
  fill("ground", {});
  fill("missing", {
    "fill-pattern": "missing",
    "fill-opacity": ["case", ["!=", CLASS, MISSING], 0, state("out"), 0.3, state("off"), 0.3, 1],
  });
  fill("fill", { "fill-color": "rgba(0,0,0,0)", "fill-opacity": ["case", state("out"), 0.2, state("off"), 0.1, 1] });
  fill("unsure", { "fill-pattern": "unsure", "fill-opacity": ["case", state("unsure"), ["case", state("out"), 0, state("off"), 0, 1], 0] });
  fill("covered", { "fill-pattern": "covered", "fill-opacity": ["case", state("covered"), 1, 0] });
  line("borders", "units", { "line-width": byZoom(3, 0.15, 6, 0.6, 10, 1.2) });
  if (outline) {
    map.addSource("outline", { type: "geojson", data: outline, tolerance: 0.3, buffer: 32 });
    line("outline", "outline", { "line-width": byZoom(3, 0.5, 7, 1.4) });
  }
  line("hover", "units", { "line-width": ["case", state("hover"), 1.5, 0] });
  line("selected-casing", "units", { "line-width": ["case", state("selected"), 5, 0] });
  line("selected", "units", { "line-width": ["case", state("selected"), 2.5, 0] });
  setTheme(map);
}

export function setTheme(map) {
  if (!map.getLayer("fill")) return;
  setImages(map);
  map.setPaintProperty("ground", "fill-color", themed("--map-land"));
  const colours = {
    borders: "--map-border", outline: "--map-outline", hover: "--ink", "selected-casing": "--surface", selected: "--select",
  };
  for (const [name, colour] of Object.entries(colours)) {
    if (map.getLayer(name)) map.setPaintProperty(name, "line-color", themed(colour));
  }
}

// West, south, east and north of each unit, in the order of their ids; east of 180 where one crosses it.
export function boxesOf(units) {
  const boxes = [];
  for (const unit of units.features) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const polygons = !unit.geometry ? [] : unit.geometry.type === "Polygon" ? [unit.geometry.coordinates] : unit.geometry.coordinates;
    const points = polygons.flatMap((polygon) => polygon[0]);
    const east = points.some((point) => point[0] > 90) && points.some((point) => point[0] < -90);
    for (const [x, y] of points) {
      const lon = east && x < 0 ? x + 360 : x;
      if (lon < box[0]) box[0] = lon;
      if (y < box[1]) box[1] = y;
      if (lon > box[2]) box[2] = lon;
      if (y > box[3]) box[3] = y;
    }
    boxes[unit.properties.i] = box;
  }
  return boxes;
}

export function union(boxes) {
  return boxes.reduce((all, box) => [
    Math.min(all[0], box[0]), Math.min(all[1], box[1]), Math.max(all[2], box[2]), Math.max(all[3], box[3]),
  ], [Infinity, Infinity, -Infinity, -Infinity]);
}

const MOST_LARGER = 2;

// The whole country as its source draws it, unless that is far more than the pack's own view (islands oceans away).
export function homeOf(boxes, bounds) {
  const [[west, south], [east, north]] = bounds;
  const all = union([...boxes, [west, south, east, north]]);
  const area = (box) => (box[2] - box[0]) * (box[3] - box[1]);
  return area(all) <= MOST_LARGER * area([west, south, east, north]) ? all : [west, south, east, north];
}
