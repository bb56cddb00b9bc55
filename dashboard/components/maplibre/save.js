// The map as a picture for print: A4 across at 300 dots an inch, with title, legend, scale, north, source and date.
import { PAPER, paintLegend, wrapped } from "./paper.js";
import { picture } from "./print.js";
import { restyle } from "./theme.js";

const DOT = 300 / 25.4; // to a millimetre
const POINT = 300 / 72;
const [WIDTH, HEIGHT, MARGIN] = [297 * DOT, 210 * DOT, 12 * DOT];
const [SIDE, GAP] = [60 * DOT, 6 * DOT];
const LEGEND_PX = 236;
const SHARPEST = 4;
const LINE = 1.45;
const TITLE = 16;

// The map in print colours, as many dots as its place on paper has.
async function drawn(map, width) {
  const before = map.getPixelRatio();
  const settled = () => new Promise((done) => { map.once("idle", done); map.triggerRepaint(); });
  restyle(map);
  map.setPixelRatio(Math.min(SHARPEST, Math.max(1, width / map.getContainer().clientWidth)));
  await settled();
  const shown = picture(map);
  map.setPixelRatio(before);
  return shown;
}

function onPaper(legend) {
  const host = document.createElement("div");
  host.className = PAPER;
  host.style.width = `${LEGEND_PX}px`;
  const copy = legend.cloneNode(true);
  copy.removeAttribute("id");
  copy.querySelectorAll(".legend-strip, .legend-title, .legend-foot, .legend-uncertain").forEach((one) => one.remove());
  host.append(copy);
  document.body.append(host);
  return host;
}

// All parts of the note but the way to how it was made, which paper cannot follow.
function sourceWords(note) {
  if (!note) return "";
  const parts = [...note.children].filter((one) => one.dataset.note !== "made");
  return parts.map((one) => [...one.childNodes].map((node) => node.textContent.trim()).filter(Boolean).join(" ")).join(" · ");
}

function compose(here, map, host, figure) {
  const { text, title } = here.props;
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d", { willReadFrequently: true }); // drawn by the processor: it is read once, whole
  const face = window.getComputedStyle(document.body).fontFamily;
  const write = (words, x, y, points, weight = 400, ink = "#1d2422") => {
    pen.font = `${weight} ${points * POINT}px ${face}`;
    pen.fillStyle = ink;
    pen.fillText(words, x, y);
  };
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  const legend = figure.querySelector(".legend-title span");
  pen.font = `600 ${TITLE * POINT}px ${face}`;
  const fitting = TITLE * Math.min(1, (WIDTH - 2 * MARGIN) / pen.measureText(title).width);
  write(title, MARGIN, MARGIN + 14 * POINT, fitting, 600);
  write([text.place, legend && legend.textContent].filter(Boolean).join(" · "), MARGIN, MARGIN + 29 * POINT, 10.5, 400, "#444444");
  const today = new Date().toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  pen.font = `400 ${7.5 * POINT}px ${face}`;
  const note = sourceWords(figure.closest("[data-figure]").querySelector(".source-note"));
  const lines = [...wrapped(pen, note, WIDTH - 2 * MARGIN), ...wrapped(pen, `${today} · ${window.location.href}`, WIDTH - 2 * MARGIN)];
  const foot = HEIGHT - MARGIN - lines.length * 7.5 * POINT * LINE;
  lines.forEach((line, at) => write(line, MARGIN, foot + (at + 1) * 7.5 * POINT * LINE, 7.5, 400, "#444444"));
  const top = MARGIN + 38 * POINT;
  const [wide, high] = [WIDTH - 2 * MARGIN - SIDE - GAP, foot - top - GAP];
  const scale = Math.min(wide / map.width, high / map.height);
  const [w, h] = [map.width * scale, map.height * scale];
  pen.drawImage(map, MARGIN + (wide - w) / 2, top + (high - h) / 2, w, h);
  paintLegend(pen, host, { x: WIDTH - MARGIN - SIDE, y: top, scale: SIDE / LEGEND_PX });
  return canvas;
}

export async function savePicture(here, button) {
  const figure = here.map.getContainer().closest(".map-figure, .thematic-map");
  const legend = figure.querySelector(".legend");
  if (!legend) return;
  button.disabled = true;
  const host = onPaper(legend);
  try {
    const map = await drawn(here.map, WIDTH - 2 * MARGIN - SIDE - GAP);
    const canvas = compose(here, map, host, figure);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${here.props.title} ${here.map.getContainer().dataset.year || ""}.png`.replace(/[\\/:*?"<>|]/g, "-");
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  } finally {
    host.remove();
    restyle(here.map);
    button.disabled = false;
  }
}
