// The colours of all that is drawn, after the theme has changed or while the map goes to paper.
import { setCircleTheme } from "./circles.js";
import { setLabelTheme } from "./labels.js";
import { setLandTheme } from "./land.js";
import { setTheme } from "./layers.js";
import { setLocationTheme } from "./locations.js";
import { setRingTheme } from "./rings.js";

export function restyle(map) {
  [setLandTheme, setTheme, setCircleTheme, setRingTheme, setLocationTheme, setLabelTheme].forEach((set) => set(map));
}
