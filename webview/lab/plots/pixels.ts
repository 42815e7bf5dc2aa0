export type Rgb = readonly [number, number, number];

const known = new Map<string, Rgb>();

/** Red, green and blue, 0 … 255, of a colour in any notation that the page knows. */
export function rgbOf(color: string): Rgb {
  const found = known.get(color) ?? painted(color);
  known.set(color, found);
  return found;
}

function painted(color: string): Rgb {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d');
  if (context === null) return [128, 128, 128];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

/** Sets every pixel, row by row, at once. */
export function paintPixels(
  canvas: HTMLCanvasElement,
  at: (pixel: number) => { readonly color: Rgb; readonly opacity: number },
): void {
  // Pixels come from here, so they had better stay here.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < canvas.width * canvas.height; i++) {
    const { color, opacity } = at(i);
    image.data.set([...color, Math.round(255 * opacity)], 4 * i);
  }
  context.putImageData(image, 0, 0);
}
