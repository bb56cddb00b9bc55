// The legend on a canvas, element by element as the browser has laid it out in print colours.
export const PAPER = "paper";

// Lines no wider than a place; a Chinese text may break after every character.
export function wrapped(pen, words, width) {
  const lines = [];
  let line = "";
  for (const piece of words.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) || []) {
    if (line && pen.measureText(line + piece.trimEnd()).width > width) { lines.push(line.trimEnd()); line = ""; }
    line += piece;
  }
  return line.trim() ? [...lines, line.trimEnd()] : lines;
}

const HATCHES = {
  hatch: { ground: "#f7f6f2", ink: "#8d8e88", step: 4, rising: true },
  covered: { ground: "#ffffff", ink: "#1b1b1b", step: 6, rising: false },
};

function crossed(pen, box) {
  pen.fillStyle = HATCHES.hatch.ground;
  pen.fillRect(box.x, box.y, box.width, box.height);
  pen.strokeStyle = HATCHES.hatch.ink;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let x = 2.5; x < box.width; x += 6) { pen.moveTo(box.x + x, box.y); pen.lineTo(box.x + x, box.y + box.height); }
  for (let y = 2.5; y < box.height; y += 6) { pen.moveTo(box.x, box.y + y); pen.lineTo(box.x + box.width, box.y + y); }
  pen.stroke();
}

function hatched(pen, box, { ground, ink, step, rising }) {
  pen.save();
  pen.beginPath();
  pen.rect(box.x, box.y, box.width, box.height);
  pen.clip();
  pen.fillStyle = ground;
  pen.fill();
  pen.strokeStyle = ink;
  pen.lineWidth = step / 4;
  pen.beginPath();
  for (let at = -box.height; at < box.width + box.height; at += step) {
    pen.moveTo(box.x + at, rising ? box.y + box.height : box.y);
    pen.lineTo(box.x + at + box.height, rising ? box.y : box.y + box.height);
  }
  pen.stroke();
  pen.restore();
}

function dotted(pen, box) {
  pen.fillStyle = "#1b1b1b";
  for (let y = 3; y < box.height; y += 4) {
    for (let x = 3; x < box.width; x += 4) {
      pen.beginPath();
      pen.arc(box.x + x, box.y + y, 0.9, 0, 2 * Math.PI);
      pen.fill();
    }
  }
}

function disc(pen, box, colour) {
  pen.beginPath();
  pen.arc(box.x + box.width / 2, box.y + box.height / 2, box.width / 2, 0, 2 * Math.PI);
  pen.globalAlpha = 0.62;
  pen.fillStyle = colour;
  pen.fill();
  pen.globalAlpha = 1;
  pen.lineWidth = 0.8;
  pen.strokeStyle = "#ffffff";
  pen.stroke();
}

function leader(pen, line) {
  const place = line.ownerSVGElement.getBoundingClientRect();
  const host = line.closest(`.${PAPER}`).getBoundingClientRect();
  const at = (name) => Number(line.getAttribute(name));
  const [left, top] = [place.left - host.left, place.top - host.top];
  pen.beginPath();
  pen.moveTo(left + at("x1"), top + at("y1"));
  pen.lineTo(left + at("x2"), top + at("y2"));
  pen.lineWidth = 0.8;
  pen.strokeStyle = "#a9aca6";
  pen.stroke();
}

function paintBox(pen, element, box) {
  const style = window.getComputedStyle(element);
  const kind = Object.keys(HATCHES).find((name) => element.classList.contains(name));
  if (kind) hatched(pen, box, HATCHES[kind]);
  else if (element.classList.contains("outside")) crossed(pen, box);
  else if (element.classList.contains("unsure")) dotted(pen, box);
  else if (element.classList.contains("round")) { disc(pen, box, style.backgroundColor); return; }
  else { pen.fillStyle = style.backgroundColor; pen.fillRect(box.x, box.y, box.width, box.height); }
  pen.strokeStyle = "#00000050";
  pen.lineWidth = 0.6;
  pen.strokeRect(box.x, box.y, box.width, box.height);
}

// A text line by line, each where the browser has put its first letter.
function paintText(pen, node, place) {
  const style = window.getComputedStyle(node.parentElement);
  const range = document.createRange();
  const lines = [];
  [...node.textContent].forEach((letter, at) => {
    range.setStart(node, at);
    range.setEnd(node, Math.min(at + 1, node.textContent.length));
    const rect = range.getClientRects()[0];
    if (!rect || !rect.width) return;
    const last = lines[lines.length - 1];
    if (last && Math.abs(last.top - rect.top) < 2) last.words += letter;
    else lines.push({ words: letter, left: rect.left, top: rect.top, height: rect.height });
  });
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  pen.fillStyle = style.color;
  for (const line of lines) {
    const size = pen.measureText(line.words);
    const spare = line.height - size.fontBoundingBoxAscent - size.fontBoundingBoxDescent;
    pen.fillText(line.words, line.left - place.left, line.top - place.top + spare / 2 + size.fontBoundingBoxAscent);
  }
}

export function paintLegend(pen, host, { x, y, scale }) {
  const place = host.getBoundingClientRect();
  pen.save();
  pen.translate(x, y);
  pen.scale(scale, scale);
  const walker = document.createTreeWalker(host, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) { paintText(pen, node, place); continue; }
    const rect = node.getBoundingClientRect();
    const box = { x: rect.left - place.left, y: rect.top - place.top, width: rect.width, height: rect.height };
    if (node.matches(".swatch, .matrix-cell:not(:disabled)")) paintBox(pen, node, box);
    if (node.matches("circle")) disc(pen, box, node.getAttribute("fill"));
    if (node.matches("line")) leader(pen, node);
  }
  pen.restore();
}
