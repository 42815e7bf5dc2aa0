import type { View } from './simulations.js';

/** How long a control takes until its curve is painted, as entries of the browser's own performance timeline. */

const began = 'initscope:control';
const shown = 'initscope:what-if';

let isWaiting = false;
let before: unknown;

/** A control was moved; the newest answer so far is not the one to it. */
export function beganControl(): void {
  if (isWaiting) return;
  isWaiting = true;
  performance.clearMarks(began);
  performance.mark(began);
}

/** A frame was drawn with what is known of the comparison. */
export function paintedControl({ moments, isRunning }: View): void {
  const isNew = moments !== before;
  before = moments;
  // Nothing is compared any more.
  if (moments === undefined && !isRunning) isWaiting = false;
  if (!isWaiting || !isNew || moments === undefined) return;
  isWaiting = false;
  // The timeline is for whoever looks at it now.
  if (performance.getEntriesByName(shown).length > 200) performance.clearMeasures(shown);
  performance.measure(shown, began);
}
