import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { distributionOf } from '../../../../src/core/frameworks/torch/ops/index.js';
import { withTorchState } from '../../../../src/core/frameworks/torch/context.js';
import { Tensor } from '../../../../src/core/frameworks/torch/tensor.js';
import { isKnown } from '../../../../src/core/model/index.js';
import { executeIn } from '../../../../src/core/python/interpreter/index.js';
import { runTorch } from './support.js';

interface Case {
  readonly program: string;
  readonly shape: readonly number[];
  readonly mean: number;
  readonly std: number;
  /** Standard errors of the two. */
  readonly errors: readonly [number, number];
}

const cases = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../parity/storage.json', import.meta.url)), 'utf8'),
) as readonly Case[];

describe('entries before forward', () => {
  it.each(cases.map((c) => [c.program, c] as const))('%s', (_, c) => {
    const { it: interpreter, module, state } = runTorch('');
    withTorchState(state, () => {
      executeIn(interpreter, module, c.program);
      const w = module.names.get('w');
      if (!(w instanceof Tensor)) throw new Error('w is no tensor');
      expect(w.shape).toEqual(c.shape);
      const d = distributionOf(w);
      if (!isKnown(d)) throw new Error(d.kind === 'unknown' ? d.reason : d.kind);
      const scale = Math.hypot(c.mean, c.std);
      expect(Math.abs(d.mean - c.mean)).toBeLessThan(0.012 * scale + 4 * c.errors[0] + 1e-9);
      expect(Math.abs(d.std - c.std)).toBeLessThan(0.012 * scale + 4 * c.errors[1] + 1e-9);
    });
  });
});
