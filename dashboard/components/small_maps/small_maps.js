// Several years of one map: each is a canvas, all are drawn from the same paths, so a year costs only its colours.
import { onTheme, useParameters } from "../address/address.js";
import { fetchLand } from "../maplibre/land.js";
import { boxesOf, fetchOnce, homeOf, MISSING, themed, union } from "../maplibre/layers.js";
import { fillTip, makeTip, moveTip } from "../maplibre/tip.js";

const PARTS = ["geometry", "outline", "units", "values", "classes"];
const EDGE = 6;

const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (Math.min(85, Math.max(-85, lat)) * Math.PI) / 360));

async function load(props) {
  const [geometry, outline, units, values, classes] = await Promise.all(
    PARTS.map((part) => (props[`${part}Url`] ? fetchOnce(props[`${part}Url`]) : null)));
  const boxes = boxesOf(geometry);
  const classOf = (at, unit) => { const one = classes.classes[at][unit]; return one === "-" ? MISSING : parseInt(one, 36); };
  return { geometry, outline, units, values, classes, coverage: {}, boxes, classOf, home: homeOf(boxes, props.bounds) };
}

function membersOf(units, code) {
  const level = units.above.find((one) => one.codes.includes(code) && one.of.includes(one.codes.indexOf(code)));
  return level ? level.of.map((place) => place === level.codes.indexOf(code)) : null;
}

// A path for each unit, fitted into so many pixels; longitudes west of the box belong beyond 180 degrees.
function pathsOf(features, [west, south, east, north], width, height) {
  const [low, high] = [mercator(south), mercator(north)];
  const span = ((east - west) * Math.PI) / 180;
  const scale = Math.min((width - 2 * EDGE) / span, (height - 2 * EDGE) / (high - low));
  const [left, top] = [(width - span * scale) / 2, (height - (high - low) * scale) / 2];
  const put = ([lon, lat]) => {
    const turned = east > 180 && lon < west - 90 ? lon + 360 : lon;
    return [left + (((turned - west) * Math.PI) / 180) * scale, top + (high - mercator(lat)) * scale];
  };
  return features.map(({ geometry }) => {
    const path = new Path2D();
    const polygons = !geometry ? [] : geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    polygons.forEach((polygon) => polygon.forEach((ring) => {
      ring.forEach((point, place) => (place ? path.lineTo(...put(point)) : path.moveTo(...put(point))));
      path.closePath();
    }));
    return path;
  });
}

const RISING = [[-1, 1, 1, -1], [0, 5, 5, 0], [4, 6, 6, 4]];
const CROSSED = [[2.5, 0, 2.5, 5], [0, 2.5, 5, 2.5]];

function hatch(pen, lines) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 5;
  const ink = tile.getContext("2d");
  ink.fillStyle = themed("--map-land");
  ink.fillRect(0, 0, 5, 5);
  ink.strokeStyle = themed("--hatch-line");
  ink.beginPath();
  lines.forEach(([a, b, c, d]) => { ink.moveTo(a, b); ink.lineTo(c, d); });
  ink.stroke();
  return pen.createPattern(tile, "repeat");
}

// Drawn by the processor: where a program stands in for a graphics card, a country of counties as one path takes it seconds.
const penOf = (canvas) => canvas.getContext("2d", { willReadFrequently: true });

function paint(canvas, shown, data, year, only) {
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [shown.width * ratio, shown.height * ratio];
  const pen = penOf(canvas);
  pen.scale(ratio, ratio);
  pen.fillStyle = themed("--map-water");
  pen.fillRect(0, 0, shown.width, shown.height);
  pen.fillStyle = themed("--map-beside");
  shown.land.forEach((path) => pen.fill(path, "evenodd"));
  const at = data.classes.years.indexOf(year);
  const groups = new Map();
  shown.paths.forEach((path, place) => {
    const unit = data.geometry.features[place].properties.i;
    const cls = data.classOf(at, unit);
    const off = (shown.members && !shown.members[unit]) || (only !== null && only !== (cls === MISSING ? "missing" : String(cls)));
    const key = `${cls}|${off}`;
    if (!groups.has(key)) groups.set(key, { cls, off, all: new Path2D() });
    groups.get(key).all.addPath(path);
  });
  for (const { cls, off, all } of groups.values()) {
    pen.fillStyle = themed("--map-land");
    pen.globalAlpha = 1;
    pen.fill(all, "evenodd");
    pen.globalAlpha = off ? 0.15 : 1;
    const plain = cls !== MISSING && cls !== data.classes.outside;
    pen.fillStyle = plain ? data.classes.colours[cls] : hatch(pen, cls === MISSING ? RISING : CROSSED);
    pen.fill(all, "evenodd");
  }
  pen.globalAlpha = 1;
  pen.strokeStyle = themed("--map-outline");
  pen.lineWidth = 0.5;
  shown.outline.forEach((path) => pen.stroke(path));
}

function unitUnder(shown, data, pen, x, y) {
  const ratio = window.devicePixelRatio || 1;
  const place = shown.paths.findIndex((path) => pen.isPointInPath(path, x * ratio, y * ratio, "evenodd"));
  return place < 0 ? null : data.geometry.features[place].properties.i;
}

export function SmallMaps(props) {
  const { createElement: h, useEffect, useRef, useState } = window.React;
  const query = useParameters();
  const holder = useRef(null);
  const [data, setData] = useState(null);
  const [land, setLand] = useState(null);
  const [failed, setFailed] = useState("");
  const [split, setSplit] = useState(50);
  const [drawn, setDrawn] = useState(0);
  const here = useRef({}).current;
  const { years, mode } = props;
  const urls = PARTS.map((part) => props[`${part}Url`]).join();

  useEffect(() => {
    let live = true;
    load(props).then((found) => { if (live) { setFailed(""); setData(found); } }).catch((error) => { if (live) setFailed(error.message); });
    return () => { live = false; };
  }, [urls]);

  useEffect(() => { // the first picture does not wait for it
    let live = true;
    setLand(null);
    if (data && props.landUrl) fetchLand(props.landUrl).then((found) => { if (live) setLand(found); }).catch(() => {});
    return () => { live = false; };
  }, [data, props.landUrl]);

  useEffect(() => {
    const again = () => setDrawn((n) => n + 1);
    const watched = new ResizeObserver(again);
    watched.observe(holder.current);
    const stop = onTheme(again);
    return () => { watched.disconnect(); stop(); };
  }, []);

  useEffect(() => {
    const canvases = [...holder.current.querySelectorAll("canvas")];
    if (!data || !canvases.length) return;
    const [width, height] = [canvases[0].clientWidth, canvases[0].clientHeight];
    const members = query.get("within") ? membersOf(data.units, query.get("within")) : null;
    const box = members ? union(data.boxes.filter((one, unit) => members[unit])) : data.home;
    const key = `${urls}|${width}|${height}|${box}|${Boolean(land)}`;
    if (here.key !== key) {
      const outline = data.outline ? pathsOf(data.outline.features, box, width, height) : [];
      const beside = land ? [land.land] : [];
      here.shown = { width, height, outline, land: pathsOf(beside, box, width, height), paths: pathsOf(data.geometry.features, box, width, height) };
      here.key = key;
    }
    here.shown.members = members;
    canvases.forEach((canvas, place) => paint(canvas, here.shown, data, years[place], query.get("only")));
    holder.current.dataset.ready = "true";
  }, [data, land, drawn, years.join(), mode, query.get("within"), query.get("only")]);

  useEffect(() => { here.box = makeTip(holder.current); return () => here.box.remove(); }, []);

  const tell = (event, year) => {
    const canvas = event.currentTarget;
    const unit = data && here.shown ? unitUnder(here.shown, data, penOf(canvas), event.nativeEvent.offsetX, event.nativeEvent.offsetY) : null;
    if (unit === null) { here.box.hidden = true; return; }
    fillTip(here.box, props, data, year, unit);
    const [frame, own] = [holder.current.getBoundingClientRect(), canvas.getBoundingClientRect()];
    moveTip(here.box, holder.current, { x: own.left - frame.left + event.nativeEvent.offsetX, y: own.top - frame.top + event.nativeEvent.offsetY });
  };
  const leave = () => { here.box.hidden = true; };
  const canvas = (year, style) => h("canvas", {
    style, role: "img", "aria-label": `${props.title}, ${year}`, onMouseMove: (event) => tell(event, year), onMouseLeave: leave,
  });
  const panel = (year, place) => h("figure", { key: year }, canvas(year),
    h("figcaption", null, h("a", { href: props.hrefs[place] }, year)));
  const swipe = () => h("div", { className: "small-maps-swipe" },
    canvas(years[0]), canvas(years[1], { clipPath: `inset(0 0 0 ${split}%)` }),
    h("b", { className: "left" }, years[0]), h("b", { className: "right" }, years[1]),
    h("i", { style: { left: `${split}%` }, "aria-hidden": true }),
    h("input", {
      type: "range", min: 0, max: 100, value: split, "aria-label": props.swipeText, onChange: (event) => setSplit(Number(event.target.value)),
    }));
  return h("div", { id: props.id, className: `small-maps ${mode}`, ref: holder },
    failed && h("p", { role: "alert" }, `${props.text.failed} ${failed}`),
    mode === "swipe" ? swipe() : years.map(panel));
}
