// The box beside the pointer: what the unit under it is, and its figure with all that belongs to it.
import { MISSING } from "./layers.js";

const MARGIN = 12;

export function formatter(text) {
  const digits = { minimumFractionDigits: text.decimals, maximumFractionDigits: text.decimals };
  const numbers = new Intl.NumberFormat(text.locale, digits);
  return (value) => numbers.format(value);
}

export function makeTip(holder) {
  const box = document.createElement("div");
  box.className = "fuping-map-tip";
  box.hidden = true;
  holder.append(box);
  return box;
}

function add(box, tag, words, name) {
  if (!words) return;
  const line = document.createElement(tag);
  line.textContent = words;
  if (name) line.className = name;
  box.append(line);
}

// data: units, values, classes, coverage as fetched; at: row of the year; unit: place of the unit.
export function fillTip(box, props, data, year, at, unit) {
  const { text, language } = props;
  const { units, values, coverage } = data;
  const write = formatter(text);
  const withUnit = (words) => text.pattern.replace("{value}", words);
  const cls = data.classOf(at, unit);
  const value = values.value[at][unit];
  box.replaceChildren();
  add(box, "strong", units.names[language][unit]);
  const above = units.above.filter((one) => one.codes.length > 1 && one.of[unit] >= 0).reverse();
  add(box, "span", above.map((one) => one.names[language][one.of[unit]]).join(text.join), "tip-above");
  add(box, "span", props.title, "tip-name");
  if (cls === MISSING) {
    add(box, "b", text.missing);
    add(box, "span", text.reasons[values.reason[at][unit] || 0]);
  } else {
    add(box, "b", text.categories ? text.categories[cls] : withUnit(write(value)));
    if (text.beside && value !== null) add(box, "span", text.beside.replace("{value}", write(value)));
    const [lower, upper] = [values.lower && values.lower[at][unit], values.upper && values.upper[at][unit]];
    if (typeof lower === "number" && typeof upper === "number") {
      add(box, "span", text.interval.replace("{interval}", withUnit(`${write(lower)}–${write(upper)}`)));
    }
  }
  const status = values.status[at];
  const word = text.statuses[typeof status === "number" ? status : status[unit]];
  add(box, "span", [year, cls === MISSING ? "" : word].filter(Boolean).join(" · "));
  const projects = Object.entries(coverage).filter(([, years]) => (years[year] || []).includes(unit));
  if (projects.length) add(box, "span", `${text.projects}: ${projects.map(([id]) => text.projectNames[id]).join("; ")}`, "tip-projects");
  box.hidden = false;
}

export function moveTip(box, holder, point) {
  const { clientWidth: width, clientHeight: height } = holder;
  const left = point.x + MARGIN + box.offsetWidth > width ? point.x - MARGIN - box.offsetWidth : point.x + MARGIN;
  const top = point.y + MARGIN + box.offsetHeight > height ? point.y - MARGIN - box.offsetHeight : point.y + MARGIN;
  box.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
}
