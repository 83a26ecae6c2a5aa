/** A scale bar of a round length. Web Mercator: a pixel covers less ground the farther from the equator. */
const METRES_PER_PIXEL = 40_075_016.686 / 512;

export function scaleBar(latitude: number, zoom: number, widest: number): { metres: number; pixels: number } {
  const perPixel = (METRES_PER_PIXEL * Math.cos((latitude * Math.PI) / 180)) / 2 ** zoom;
  const most = perPixel * widest;
  const size = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((n) => n * size).find((n) => n <= most) ?? size;
  return { metres, pixels: metres / perPixel };
}
