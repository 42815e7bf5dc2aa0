import { freshAxes, sizesOf } from '../axes.js';
import { independentField } from '../field.js';
import type { Rule } from '../types.js';
import { oneHotField } from './sources.js';

const ASSUMED = 'places of extreme entries are taken as uniform and independent';

/** Where the extreme entry stands depends on what is compared; on average over draws of it each place is alike. */
export const place: Rule<'place'> = {
  forward(op, _, c) {
    const last = c.inputShapes[0]?.[op.axis];
    if (typeof last !== 'number') return { unknown: 'a number of places that is not known' };
    c.note(ASSUMED);
    return [independentField((last - 1) / 2, (last * last - 1) / 12, freshAxes(sizesOf(c.outputShapes[0] ?? [])))];
  },
  backward: () => [],
};

export const oneHot: Rule<'oneHot'> = {
  forward: (_op, _inputs, c) => [oneHotField(independentField(0, 1, freshAxes(sizesOf(c.outputShapes[0] ?? []))), 1)],
  backward: () => [],
};

/** The second tensor, whose gradient is that of both. */
export const straightThrough: Rule<'straightThrough'> = {
  forward: (_op, [, y]) => (y === undefined ? { unknown: 'no input' } : [y]),
  backward: (_op, _inputs, _outputs, [g]) => [g, g],
};
