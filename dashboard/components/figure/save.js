// A chart is saved as the reader sees it, on white, at the size of a printed page's column.
const WIDTH = 1000;
const HEIGHT = 560;

async function save(event) {
  const button = event.target.closest("[data-save]");
  if (!button) return;
  const section = button.closest("[data-figure]");
  const drawn = section && section.querySelector(".js-plotly-plot");
  if (!drawn) return;
  const layout = { ...drawn.layout, paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", width: WIDTH, height: HEIGHT };
  delete layout.autosize;
  const title = { text: section.querySelector("h2").textContent, x: 0.02, font: { size: 16, color: "#1d2422" } };
  const source = section.querySelector(".source-note");
  // Not what is laid out: the note may be folded.
  const words = source ? [...source.children].map((part) => part.textContent.trim()).join("  ") : "";
  const note = { text: words.replace(/(.{1,150})(\s|$)/g, "$1<br>"), xref: "paper", yref: "paper", x: 0, y: 0, yshift: -40,
    xanchor: "left", yanchor: "top", align: "left", showarrow: false, font: { size: 10, color: "#565e5a" } };
  const rows = Math.ceil(words.length / 150);
  const margin = { ...layout.margin, t: 56, b: 60 + 14 * rows };
  const annotations = [...(layout.annotations || []), note];
  await window.Plotly.downloadImage({ data: drawn.data, layout: { ...layout, title, margin, annotations } }, {
    format: button.dataset.save, filename: section.dataset.figure, width: WIDTH, height: HEIGHT, scale: 2,
  });
}

document.addEventListener("click", save);
