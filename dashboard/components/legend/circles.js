// Circles inside one another, as large as those on the map.
import { useCircleScale } from "../maplibre/circle_scale.js";

const TALLEST = 44;
const LABEL_GAP = 15;

export function Circles({ circles }) {
  const { createElement: h } = window.React;
  const scale = useCircleScale();
  const all = circles.sizes.map((one) => ({ ...one, r: one.share * circles.radius * scale }));
  const fitting = all.filter((one) => one.r <= TALLEST);
  const sizes = fitting.length ? fitting : all.slice(-1);
  const greatest = sizes[0].r;
  const height = 2 * greatest + 4;
  let last = -LABEL_GAP;
  const labelled = sizes.map((one) => {
    last = Math.max(last + LABEL_GAP, height - 2 - 2 * one.r);
    return { ...one, y: last + 4 };
  });
  const tall = Math.max(height, last + LABEL_GAP);
  return h("svg", { className: "legend-circles", width: "100%", height: tall, role: "img", "aria-label": sizes.map((one) => one.label).join(", ") },
    labelled.map((one) => h("circle", { key: `c${one.label}`, cx: greatest + 2, cy: height - 2 - one.r, r: one.r, fill: circles.colour })),
    labelled.map((one) => h("line", { key: `l${one.label}`, x1: greatest + 2, x2: 2 * greatest + 14, y1: height - 2 - 2 * one.r, y2: one.y })),
    labelled.map((one) => h("text", { key: `t${one.label}`, x: 2 * greatest + 18, y: one.y, dominantBaseline: "middle" }, one.label)));
}
