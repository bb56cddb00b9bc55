// The box beside the pointer: what the unit under it is, and its figure with all that belongs to it.
import { MISSING } from "./layers.js";
import { partsOf, ringLines } from "./rings.js";

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

const filled = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));

// A figure in words, or why there is none; about: how figures of the indicator are written.
function told(about, values, at, unit, text) {
  const value = at < 0 ? null : values.value[at][unit];
  if (value === null) return text.reasons[(at < 0 ? 0 : values.reason[at][unit]) || 1];
  if (about.codes) return about.codes[String(value)];
  return filled(about.pattern, { value: formatter({ ...about, locale: text.locale })(value) });
}

function difference(text, value) {
  const size = formatter(text)(Math.abs(value));
  const sign = /[1-9]/.test(size) ? (value > 0 ? "+" : "−") : "";
  return sign + filled(text.difference, { value: size });
}

function changeLines(box, text, data, at, unit) {
  const { values, classes } = data;
  const years = [classes.others[at], classes.years[at]];
  const rows = years.map((year) => values.years.indexOf(year));
  const [before, after] = rows.map((row) => values.value[row][unit]);
  const cls = data.classOf(at, unit);
  const words = text.categories ? text.categories[cls] : difference(text, after - before);
  add(box, "b", cls === MISSING ? text.missing : words);
  rows.forEach((row, place) => add(box, "span", `${years[place]} · ${told(text, values, row, unit, text)}`));
  if (cls !== MISSING && classes.crossed[at].length) {
    add(box, "span", filled(text.crossed, { year: classes.crossed[at].join(", ") }), "tip-note");
  }
}

function pairLines(box, text, data, at, unit) {
  const { values, second, classes } = data;
  const sides = [[text, values, classes.years[at]], [text.second, second, classes.others[at]]];
  sides.forEach(([about, figures, year]) => {
    add(box, "span", about.name, "tip-name");
    add(box, "b", told(about, figures, figures.years.indexOf(year), unit, text));
    add(box, "span", year);
  });
}

function figureLines(box, text, data, year, at, unit) {
  const { values, classes } = data;
  const write = formatter(text);
  const withUnit = (words) => filled(text.pattern, { value: words });
  const [cls, value] = [data.classOf(at, unit), values.value[at][unit]];
  if (cls === MISSING) {
    add(box, "b", text.missing);
    add(box, "span", text.reasons[values.reason[at][unit] || 0]);
  } else {
    add(box, "b", text.categories ? text.categories[cls] : withUnit(write(value)));
    if (cls === classes.outside) add(box, "span", text.outside, "tip-note");
    if (text.beside && value !== null) add(box, "span", filled(text.beside, { value: write(value) }));
    const [lower, upper] = [values.lower && values.lower[at][unit], values.upper && values.upper[at][unit]];
    if (typeof lower === "number" && typeof upper === "number") {
      add(box, "span", filled(text.interval, { interval: withUnit(`${write(lower)}–${write(upper)}`) }));
    }
    if (classes.unsure && classes.unsure[at][unit] === "1") add(box, "span", text.unsure, "tip-note");
  }
  const status = values.status[at];
  const word = text.statuses[typeof status === "number" ? status : status[unit]];
  add(box, "span", [year, cls === MISSING ? "" : word].filter(Boolean).join(" · "));
}

// data: units, values, classes, coverage as fetched; unit: place of the unit; spots: names of what a project has there.
export function fillTip(box, props, data, year, unit, spots = []) {
  const { text, language } = props;
  const { units, classes, coverage } = data;
  const at = classes.years.indexOf(year);
  box.replaceChildren();
  add(box, "strong", units.names[language][unit]);
  const above = units.above.filter((one) => one.codes.length > 1 && one.of[unit] >= 0).reverse();
  add(box, "span", above.map((one) => one.names[language][one.of[unit]]).join(text.join), "tip-above");
  if (text.kind !== "bivariate") add(box, "span", props.title, "tip-name");
  if (text.kind === "change") changeLines(box, text, data, at, unit);
  else if (text.kind === "bivariate") pairLines(box, text, data, at, unit);
  else figureLines(box, text, data, year, at, unit);
  const projects = Object.entries(coverage).filter(([, years]) => (years[year] || []).includes(unit));
  if (projects.length) add(box, "span", `${text.projects}: ${projects.map(([id]) => text.projectNames[id]).join("; ")}`, "tip-projects");
  if (spots.length) add(box, "span", `${text.projectNames[props.overlay]}: ${[...new Set(spots)].join("; ")}`, "tip-projects");
  box.hidden = false;
}

// Of a part of the country: its units by category.
export function fillRingTip(box, props, data, year, part) {
  const { text, language } = props;
  const parts = partsOf(data);
  const { lines, total } = ringLines(data, part, data.classes.years.indexOf(year), text);
  box.replaceChildren();
  add(box, "strong", parts.names[language][part]);
  add(box, "span", props.title, "tip-name");
  lines.forEach((line) => add(box, "b", line));
  add(box, "span", `${year} · ${total}`);
  box.hidden = false;
}

export function moveTip(box, holder, point) {
  const { clientWidth: width, clientHeight: height } = holder;
  const left = point.x + MARGIN + box.offsetWidth > width ? point.x - MARGIN - box.offsetWidth : point.x + MARGIN;
  const top = point.y + MARGIN + box.offsetHeight > height ? point.y - MARGIN - box.offsetHeight : point.y + MARGIN;
  box.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
}
