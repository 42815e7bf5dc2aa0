import type { Model } from '../model/index.js';
import { counted, type Altered } from './altered.js';
import { end, repeatedBlocks } from './runs.js';
import { restack } from './restack.js';

/** Blocks that are repeated one after the other, repeated `factor` times as often. */
export function withDepth(model: Model, factor: number): Altered {
  // A layer that spans two blocks could not be repeated with one of them.
  const runs = repeatedBlocks(model).filter((run) =>
    model.layers.every(({ nodes: [first, last] }) => {
      if (last <= run.start || first >= end(run)) return true;
      const block = Math.floor((first - run.start) / run.unit);
      return first >= run.start && last <= run.start + (block + 1) * run.unit;
    }),
  );
  if (runs.length === 0) return { refused: 'it has no equal blocks that follow each other' };
  const counts = runs.map(({ count, blocks }) => Math.max(1, count + Math.round(factor * blocks) - blocks));
  if (counts.every((count, i) => count === runs[i]!.count))
    return { refused: `${factor} times ${runs.map((r) => counted(r.blocks, 'block')).join(', ')} is as many` };
  const notes = runs.map(({ container, count, blocks }, i) => {
    const name = container === '' ? 'the model' : container;
    return `${name}: ${blocks + counts[i]! - count} blocks instead of ${blocks}`;
  });
  return { model: restack(model, runs, counts), notes };
}
