// Finer borders once the reader is near: the sources take other polygons, and all that is painted stays.
import { bordersOf, fetchOnce } from "./layers.js";
import { mark } from "./marks.js";

const NEAR = 6; // the coarse polygons are off by about a pixel from here on

export function refine(here) {
  const { map, data, props } = here;
  if (!data || !props.fineUrl || here.fine === data.geometry || map.getZoom() < NEAR) return;
  here.fine = data.geometry;
  Promise.all([props.fineUrl, props.fineOutlineUrl].map((url) => (url ? fetchOnce(url) : null))).then(([units, outline]) => {
    if (!here.data || here.data.geometry !== data.geometry || !map.getSource("units")) return;
    here.near = units;
    map.getSource("units").setData(units);
    map.getSource("borders").setData(bordersOf(units));
    mark(here, "chosen", here.chosen);
    if (outline && map.getSource("outline")) map.getSource("outline").setData(bordersOf(outline));
    map.once("idle", () => { map.getContainer().dataset.detail = "fine"; });
  }).catch(() => { if (here.fine === data.geometry) here.fine = null; }); // the coarse ones stay; tried again later
}
