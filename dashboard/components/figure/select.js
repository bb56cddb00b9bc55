// A click on a point or line of a chart that carries a unit's code selects the unit, as a click on the map does.
import { navigate } from "../address/address.js";

function select(event) {
  const marked = event.points.find((point) => point.customdata);
  if (marked) navigate({ unit: String(marked.customdata) });
}

// Drawing a chart anew takes its listeners away, so they are set when it is about to be clicked.
function listen(event) {
  const drawn = event.target.closest && event.target.closest(".js-plotly-plot");
  if (!drawn || !drawn.on) return;
  drawn.removeListener("plotly_click", select);
  drawn.on("plotly_click", select);
}

document.addEventListener("pointerdown", listen, true);
