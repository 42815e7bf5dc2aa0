import { BasicPlatform, Chart } from 'chart.js';
import { configurationOf } from '../chart/configuration.js';
import type { Picture } from '../chart/picture.js';
import { SvgContext } from './svgContext.js';

const WIDTH = 1000;
const HEIGHT = 480;

/** Colours as a file needs them: canvas turns `rgb(from …)`, which other programs don't know, into plain ones. */
function plainColor(context: CanvasRenderingContext2D): (color: string) => string {
  return memoByText((color) => {
    context.fillStyle = '#000';
    context.fillStyle = color;
    context.clearRect(0, 0, 1, 1);
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 255] = context.getImageData(0, 0, 1, 1).data;
    return `rgba(${r}, ${g}, ${b}, ${Math.round((a / 255) * 1000) / 1000})`;
  });
}

function memoByText(f: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const result = known.get(text) ?? f(text);
    known.set(text, result);
    return result;
  };
}

export function pngOf(picture: Picture): string {
  const canvas = document.createElement('canvas');
  const chart = new Chart(canvas, {
    ...configurationOf(() => picture),
    platform: BasicPlatform,
  });
  chart.options.responsive = false;
  chart.options.devicePixelRatio = 2;
  chart.resize(WIDTH, HEIGHT);
  chart.update('none');
  const { ctx } = chart;
  ctx.globalCompositeOperation = 'destination-over';
  ctx.fillStyle = picture.theme.background;
  ctx.fillRect(0, 0, WIDTH, HEIGHT);
  const url = canvas.toDataURL('image/png');
  chart.destroy();
  return url.slice(url.indexOf(',') + 1);
}

export function svgOf(picture: Picture, title: string): string {
  const measuring = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (measuring === null) return '';
  const context = new SvgContext(WIDTH, HEIGHT, {
    width(text, font) {
      measuring.font = font;
      return measuring.measureText(text).width;
    },
    color: plainColor(measuring),
  });
  const configuration = configurationOf(() => picture);
  // With options by segment Chart.js draws lines itself; without, by Path2D objects, which only a canvas can read.
  for (const dataset of configuration.data.datasets) dataset.segment = {};
  const chart = new Chart(context as unknown as CanvasRenderingContext2D, {
    ...configuration,
    options: { ...configuration.options, responsive: false, devicePixelRatio: 1 },
    platform: BasicPlatform,
  });
  const svg = context.toSvg(title, picture.theme.background);
  chart.destroy();
  return svg;
}
