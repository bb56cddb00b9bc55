// What lies over the units' colours: the classes of a grid, where it is from, and the way to take it away.
export function gridSection(h, grid) {
  return h("div", { key: "grid", className: "legend-grid" },
    h("div", { className: "legend-grid-title" }, h("strong", null, grid.title), h("span", null, grid.unit)),
    h("ul", { className: "legend-grid-rows" }, grid.entries.map((entry) => h("li", { key: entry.label },
      h("i", { className: "swatch", style: { background: entry.colour } }), h("span", { className: "legend-label" }, entry.label)))),
    h("p", { className: "legend-note" }, grid.note),
    h("p", { className: "legend-note legend-take" }, h("a", { href: grid.href, download: "" }, grid.take)));
}
