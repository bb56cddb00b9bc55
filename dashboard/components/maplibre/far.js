// Parts of the country that lie outside of its own view (islands oceans away), each with a way to it.
import { union } from "./layers.js";

const MOST = 6;

const outside = ([west, south, east, north], home) =>
  north < home[1] || south > home[3] || (home[2] - home[0] < 360 && (east < home[0] || west > home[2]));

// Of units that lie wholly outside of the view: the units above them, those with the most first.
export function farParts(data) {
  const above = data.units.above.find((level) => level.codes.length > 1);
  const groups = new Map();
  data.boxes.forEach((box, unit) => {
    if (!Number.isFinite(box[0]) || !outside(box, data.home)) return;
    const place = above ? above.of[unit] : -1;
    const key = place >= 0 ? `above-${place}` : `unit-${unit}`;
    const names = (language) => (place >= 0 ? above.names[language][place] : data.units.names[language][unit]);
    const group = groups.get(key) || { key, names, boxes: [] };
    group.boxes.push(box);
    groups.set(key, group);
  });
  return [...groups.values()].sort((one, other) => other.boxes.length - one.boxes.length).slice(0, MOST)
    .map(({ key, names, boxes }) => ({ key, names, box: union(boxes) }));
}
