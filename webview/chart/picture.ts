import type { Row } from '../rows.js';
import type { Theme } from '../theme.js';
import type { Curve, Quantity } from './curves.js';
import { decadesOf, type Decades } from './logAxis.js';
import type { Window } from './viewport.js';

/** All that the chart shows, whatever it is drawn on. */
export interface Picture {
  readonly rows: readonly Row[];
  readonly curves: readonly Curve[];
  readonly hidden: ReadonlySet<Quantity>;
  readonly window: Window;
  /** Place of the selected row among the rows; −1 for none. */
  readonly selected: number;
  readonly domain: Decades;
  readonly theme: Theme;
}

export function pictureOf(parts: Omit<Picture, 'domain'>): Picture {
  const { curves, hidden, window } = parts;
  return { ...parts, domain: decadesOf(valuesIn(curves, hidden, window)) };
}

/** What is seen decides what the axis spans, so that zooming in shows small differences. */
function* valuesIn(curves: readonly Curve[], hidden: ReadonlySet<Quantity>, { from, to }: Window): Generator<number> {
  for (const { quantity, points } of curves) {
    if (hidden.has(quantity)) continue;
    for (const { x, y } of points) if (x >= from && x <= to && y > 0) yield y;
  }
}
