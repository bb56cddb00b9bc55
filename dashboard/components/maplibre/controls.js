// Buttons in the map's corner: the whole country, the picture for print, and an area to be drawn.
const SVG = "http://www.w3.org/2000/svg";

export class CornerButton {
  constructor(name, shape, action) { Object.assign(this, { name, shape, action }); }

  onAdd() {
    this.box = document.createElement("div");
    this.box.className = "maplibregl-ctrl maplibregl-ctrl-group";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = `fuping-map-corner fuping-map-${this.name}`;
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("viewBox", "0 0 16 16");
    drawing.append(document.createElementNS(SVG, "path"));
    drawing.firstChild.setAttribute("d", this.shape);
    this.button.append(drawing);
    this.button.addEventListener("click", () => this.action(this.button));
    this.box.append(this.button);
    return this.box;
  }

  onRemove() { this.box.remove(); }

  label(words) { this.button.title = words; this.button.setAttribute("aria-label", words); }
}

export const HOME = "M1.5 5.5v-4h4M10.5 1.5h4v4M14.5 10.5v4h-4M5.5 14.5h-4v-4";
export const LASSO = "M8 2.5c3.6 0 6 1.8 6 4.2s-2.4 4.1-6 4.1-6-1.7-6-4.1 2.4-4.2 6-4.2zM5 10.3c-1.4 1.2-.3 2.2-1.2 3.7";
export const BOX = "M2.5 3.5h2M6.5 3.5h3M11.5 3.5h2v2M13.5 7.5v2M13.5 11.5v1h-2M9.5 12.5h-3M4.5 12.5h-2v-2M2.5 8.5v-3";
export const FILE = "M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3M8 12V7M6 9l2-2 2 2";
export const SAVE = "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11";
