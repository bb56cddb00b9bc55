// The legend: counts of the year shown; a click on a class leaves only that class coloured.
import { navigate, useParameters, yearOf } from "../address/address.js";

export function Legend(props) {
  const { createElement: h } = window.React;
  const query = useParameters();
  const { years, entries, missing, overlay, text } = props;
  if (!years || !years.length) return null;
  const year = yearOf(query, years);
  const at = years.indexOf(year);
  const only = query.get("only");
  const count = (value) => new Intl.NumberFormat(text.locale).format(value);
  const total = entries.reduce((sum, entry) => sum + entry.counts[at], 0) + missing.counts[at];
  const row = (key, swatch, label, n, hint) => h("button", {
    key, type: "button", className: "legend-row", "aria-pressed": only === key, title: hint,
    onClick: () => navigate({ only: only === key ? null : key, page: null }),
  }, swatch, h("span", { className: "legend-label" }, label), h("span", { className: "legend-count" }, count(n)));
  const chosen = only === "missing" ? missing.counts[at] : entries[Number(only)] && entries[Number(only)].counts[at];
  return h("div", { id: props.id, className: "legend", "data-only": only === null ? undefined : only },
    h("div", { className: "legend-strip", "aria-hidden": true }, entries.map((entry, place) => h("span", {
      key: place, style: { background: entry.colour, opacity: only === null || only === String(place) ? 1 : 0.2 }, title: entry.label,
    })), h("small", null, entries.length ? `${entries[0].label}  …  ${entries[entries.length - 1].label}` : "")),
    h("div", { className: "legend-title" }, h("strong", null, props.title),
      h("span", null, [props.unit, year].filter(Boolean).join(" · "))),
    h("div", { className: "legend-head" }, h("span", null, text.classes), h("span", null, text.units)),
    h("div", { className: "legend-rows", role: "group", "aria-label": text.hint },
      entries.map((entry, place) => row(
        String(place), h("i", { className: "swatch", style: { background: entry.colour } }), entry.label,
        entry.counts[at], entry.hint || text.hint)),
      row("missing", h("i", { className: "swatch hatch" }), missing.label, missing.counts[at], text.missingHint)),
    missing.counts[at] > 0 && h("ul", { className: "legend-reasons" }, missing.reasons.filter((one) => one.counts[at])
      .map((one) => h("li", { key: one.label }, h("span", null, one.label), h("span", null, count(one.counts[at]))))),
    overlay && h("div", { className: "legend-overlay" }, h("i", { className: "swatch covered" }),
      h("span", { className: "legend-label" }, overlay.label, h("small", null, overlay.note)),
      h("span", { className: "legend-count" }, count(overlay.counts[year] || 0))),
    h("div", { className: "legend-foot", "aria-live": "polite" }, only !== null
      && h("button", { type: "button", onClick: () => navigate({ only: null, page: null }) },
        (chosen ? text.shown : text.none).replace("{n}", count(chosen || 0)).replace("{total}", count(total)))));
}
