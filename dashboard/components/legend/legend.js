// The legend: counts of the year shown; a click on a class leaves only that class coloured.
import { navigate, useParameters, yearOf } from "../address/address.js";
import { Circles } from "./circles.js";
import { gridSection } from "./grid.js";
import { matrix } from "./matrix.js";

// A class without a colour has that of the land.
const GROUND = "var(--map-land)";

const isolate = (only, key) => navigate({ only: only === key ? null : key, page: null });

function row(h, { key, only, swatch, label, n, hint }) {
  return h("button", {
    key, type: "button", className: "legend-row", "aria-pressed": only === key, title: hint, onClick: () => isolate(only, key),
  }, swatch, h("span", { className: "legend-label" }, label), h("span", { className: "legend-count" }, n));
}

// A switch for the units whose interval reaches into another class; the URL keeps it.
function uncertain(h, { unsure, at, on, count }) {
  return h("div", { key: "unsure", className: "legend-unsure" },
    h("label", null,
      h("input", { type: "checkbox", checked: on, onChange: () => navigate({ uncertain: on ? null : "1" }) }),
      h("i", { className: "swatch unsure" }), h("span", { className: "legend-label" }, unsure.label),
      h("span", { className: "legend-count" }, count(unsure.counts[at]))),
    h("small", null, [unsure.note, unsure.open[at]].filter(Boolean).join(" ")));
}

export function Legend(props) {
  const { createElement: h } = window.React;
  const query = useParameters();
  const { years, entries, beyond, missing, overlay, circles, unsure, text } = props;
  if (!years || !years.length) return null;
  const year = yearOf(query, years);
  const at = years.indexOf(year);
  const only = query.get("only");
  const count = (value) => new Intl.NumberFormat(text.locale).format(value);
  const total = entries.reduce((sum, entry) => sum + entry.counts[at], 0) + missing.counts[at];
  const chosen = only === "missing" ? missing.counts[at] : entries[Number(only)] && entries[Number(only)].counts[at];
  const notes = props.notes ? props.notes[at] : [];
  const classes = entries.map((entry, place) => row(h, {
    key: String(place), only, label: entry.label, n: count(entry.counts[at]), hint: entry.hint || text.hint,
    swatch: entry.outside ? h("i", { className: "swatch outside" })
      : h("i", { className: circles ? "swatch round" : "swatch", style: { background: entry.colour || GROUND } }),
  }));
  const told = (rows) => h("ul", { className: "legend-reasons" }, rows.filter((one) => one.counts[at])
    .map((one) => h("li", { key: one.label }, h("span", null, one.label), h("span", null, count(one.counts[at])))));
  const banded = entries.filter((entry) => !entry.outside);
  return h("div", { id: props.id, className: "legend", "data-only": only === null ? undefined : only, "data-kind": props.matrix ? "matrix" : undefined },
    !props.matrix && (!circles || entries.length > 1) && h("div", { className: "legend-strip", "aria-hidden": true }, banded.map((entry, place) => h("span", {
      key: place, style: { background: entry.colour || GROUND, opacity: only === null || only === String(place) ? 1 : 0.2 }, title: entry.label,
    })), h("small", null, banded.length ? `${banded[0].label}  …  ${banded[banded.length - 1].label}` : "")),
    h("div", { className: "legend-title" }, h("strong", null, props.title),
      h("span", null, [props.unit, props.spans ? props.spans[at] : year].filter(Boolean).join(" · "))),
    circles && h(Circles, { circles }),
    circles && h("p", { className: "legend-note" }, circles.note),
    props.matrix && matrix(h, { props, at, only, year, count }),
    h("div", { className: "legend-head" }, h("span", null, text.classes), h("span", null, text.units)),
    h("div", { className: "legend-rows", role: "group", "aria-label": text.hint },
      !props.matrix && classes,
      beyond && beyond.some((one) => one.counts[at]) && told(beyond),
      row(h, {
        key: "missing", only, swatch: h("i", { className: "swatch hatch" }), label: missing.label, n: count(missing.counts[at]),
        hint: text.missingHint,
      })),
    missing.counts[at] > 0 && told(missing.reasons),
    unsure && uncertain(h, { unsure, at, on: query.get("uncertain") === "1", count }),
    overlay && h("div", { className: "legend-overlay" }, h("i", { className: "swatch covered" }),
      h("span", { className: "legend-label" }, overlay.label, h("small", null, overlay.note)),
      h("span", { className: "legend-count" }, count(overlay.counts[year] || 0))),
    props.grid && gridSection(h, props.grid),
    notes.map((one) => h("p", { key: one, className: "legend-note" }, one)),
    h("div", { className: "legend-foot", "aria-live": "polite" }, only !== null
      && h("button", { type: "button", onClick: () => navigate({ only: null, page: null }) },
        (chosen ? text.shown : text.none).replace("{n}", count(chosen || 0)).replace("{total}", count(total)))));
}
