// The unit under the pointer and the one selected, each alone in a source of its own: lines of no width about all the
// others would be worked out in every frame.
const NOTHING = { type: "FeatureCollection", features: [] };

export const MARKS = ["hovered", "chosen"];

export function addMarks(map, line) {
  MARKS.forEach((name) => map.addSource(name, { type: "geojson", data: NOTHING, tolerance: 0.3 }));
  line("hover", "hovered", { "line-width": 1.5 });
  line("selected-casing", "chosen", { "line-width": 5 });
  line("selected", "chosen", { "line-width": 2.5 });
}

const shapes = new WeakMap();

function shapeOf(collection, unit) {
  if (!shapes.has(collection)) shapes.set(collection, new Map(collection.features.map((one) => [one.properties.i, one])));
  return shapes.get(collection).get(unit);
}

// name: "hovered" or "chosen"; unit: its place, or null.
export function mark(here, name, unit) {
  const { map, data, near } = here;
  if (!map.getSource(name)) return;
  const shape = unit === null ? null : shapeOf(near || data.geometry, unit);
  here.marked ||= {};
  if (here.marked[name] === shape) return;
  here.marked[name] = shape;
  map.getSource(name).setData(shape || NOTHING);
}
