// A printed map is a picture with its own scale bar and north, because the canvas is empty once the frame is over.

function scale(map) {
  const middle = map.getContainer().clientHeight / 2;
  const metres = map.unproject([0, middle]).distanceTo(map.unproject([160, middle]));
  const step = 10 ** Math.floor(Math.log10(metres));
  const round = [5, 2, 1].find((one) => one * step <= metres) * step;
  return { pixels: (160 * round) / metres, label: round >= 1000 ? `${round / 1000} km` : `${round} m` };
}

export function picture(map) {
  map.redraw();
  const shown = map.getCanvas();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [shown.width, shown.height];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const ratio = shown.width / shown.clientWidth;
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(shown, 0, 0);
  pen.scale(ratio, ratio);
  const [right, bottom] = [shown.clientWidth - 16, shown.clientHeight - 16];
  const bar = scale(map);
  pen.fillStyle = "#ffffffd0";
  pen.fillRect(right - bar.pixels - 8, bottom - 24, bar.pixels + 16, 32);
  pen.fillRect(right - 20, 2, 24, 48);
  pen.strokeStyle = pen.fillStyle = "#1d2422";
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(right - bar.pixels, bottom - 6);
  pen.lineTo(right - bar.pixels, bottom);
  pen.lineTo(right, bottom);
  pen.lineTo(right, bottom - 6);
  pen.moveTo(right - 8, 44);
  pen.lineTo(right - 8, 20);
  pen.lineTo(right - 12, 28);
  pen.moveTo(right - 8, 20);
  pen.lineTo(right - 4, 28);
  pen.stroke();
  pen.font = "13px sans-serif";
  pen.textAlign = "center";
  pen.fillText(bar.label, right - bar.pixels / 2, bottom - 8);
  pen.fillText("N", right - 8, 16);
  return canvas;
}
