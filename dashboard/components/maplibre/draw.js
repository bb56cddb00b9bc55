// An area drawn by hand, round places or from corner to corner; the URL keeps its corners, the server tells who is in it.
import { navigate } from "../address/address.js";
import { themed } from "./layers.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST = 80; // corners, as many as the server reads
const STEP_PX = 4;
const LEAST_PX = 8;
const SOURCE = "drawn";

const box = ([[x1, y1], [x2, y2]]) => [[x1, y1], [x2, y1], [x2, y2], [x1, y2]];

// As few corners as keep the line within some pixels of the hand's (Douglas and Peucker, 1973).
function thinned(points, within) {
  if (points.length < 3) return points;
  const [[x1, y1], [x2, y2]] = [points[0], points[points.length - 1]];
  const length = Math.hypot(x2 - x1, y2 - y1);
  const away = points.map(([x, y]) => (length
    ? Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length : Math.hypot(x - x1, y - y1)));
  const far = away.reduce((best, one, at) => (one > away[best] ? at : best), 0);
  if (away[far] <= within) return [points[0], points[points.length - 1]];
  return [...thinned(points.slice(0, far + 1), within).slice(0, -1), ...thinned(points.slice(far), within)];
}

export function few(points) {
  let within = 1.5;
  let kept = thinned(points, within);
  while (kept.length > MOST) { within *= 1.5; kept = thinned(points, within); }
  return kept;
}

function keep(here, points) {
  const corners = points.map((point) => here.map.unproject(point)).map(({ lng, lat }) => `${+lng.toFixed(3)},${+lat.toFixed(3)}`);
  navigate({ drawn: corners.join(";"), page: null });
}

// kind: "lasso" or "box"; the map does not move until the hand lets go.
export function startDrawing(here, kind, button) {
  if (here.stopDrawing) { const same = here.drawing === kind; here.stopDrawing(); if (same) return; }
  const { map, props } = here;
  const canvas = map.getCanvasContainer();
  const sheet = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "polygon");
  const told = document.createElement("p");
  let points = [];
  sheet.classList.add("fuping-map-sheet");
  sheet.append(line);
  told.className = "fuping-map-told";
  told.setAttribute("role", "status");
  told.textContent = props.text[`draw_${kind}`];
  map.getContainer().append(sheet, told);
  map.getContainer().dataset.drawing = here.drawing = kind;
  button.setAttribute("aria-pressed", "true");

  const at = (event) => { const place = canvas.getBoundingClientRect(); return [event.clientX - place.left, event.clientY - place.top]; };
  const shape = () => (kind === "box" && points.length > 1 ? box([points[0], points[points.length - 1]]) : points);
  const down = (event) => { sheet.setPointerCapture(event.pointerId); points = [at(event)]; };
  const move = (event) => {
    if (!points.length) return;
    const [point, last] = [at(event), points[points.length - 1]];
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < STEP_PX) return;
    points.push(point);
    line.setAttribute("points", shape().map((one) => one.join()).join(" "));
  };
  const up = () => {
    const span = (axis) => Math.max(...points.map((one) => one[axis])) - Math.min(...points.map((one) => one[axis]));
    const large = points.length > 1 && Math.min(span(0), span(1)) >= LEAST_PX;
    const drawn = kind === "box" ? shape() : few(points);
    points = [];
    line.removeAttribute("points");
    if (large && drawn.length > 2) { keep(here, drawn); here.stopDrawing(); }
  };
  const key = (event) => {
    if (event.key !== "Escape" && event.key !== "Enter") return;
    event.preventDefault();
    const { clientWidth: wide, clientHeight: high } = map.getContainer();
    if (event.key === "Enter") keep(here, box([[0, 0], [wide, high]]));
    here.stopDrawing();
  };
  sheet.addEventListener("pointerdown", down);
  sheet.addEventListener("pointermove", move);
  sheet.addEventListener("pointerup", up);
  document.addEventListener("keydown", key, true);
  here.stopDrawing = () => {
    sheet.remove();
    told.remove();
    document.removeEventListener("keydown", key, true);
    delete map.getContainer().dataset.drawing;
    button.setAttribute("aria-pressed", "false");
    here.stopDrawing = here.drawing = null;
  };
}

// The outline of the area of the URL, above all else.
export function showDrawn(map, text) {
  const corners = (text || "").split(";").map((one) => one.split(",").map(Number)).filter((one) => one.length === 2 && one.every(Number.isFinite));
  const line = { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [...corners, ...corners.slice(0, 1)] } };
  const data = corners.length > 2 ? line : { type: "FeatureCollection", features: [] };
  if (map.getSource(SOURCE)) map.getSource(SOURCE).setData(data);
  else if (corners.length > 2) map.addSource(SOURCE, { type: "geojson", data });
  if (!map.getSource(SOURCE)) return;
  if (!map.getLayer(SOURCE)) map.addLayer({ id: SOURCE, type: "line", source: SOURCE, paint: { "line-width": 2, "line-dasharray": [2, 1.5] } });
  map.moveLayer(SOURCE);
  map.setPaintProperty(SOURCE, "line-color", themed("--select"));
}
