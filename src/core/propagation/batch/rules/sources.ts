import type { Rule } from '../types.js';

/** Made by the run itself, which knows what the inputs are and how parameters are drawn. */
const made = { unknown: 'made by the run' } as const;

export const input: Rule<'input'> = { reads: 'nothing', forward: () => made, backward: () => [] };
export const constant: Rule<'constant'> = { reads: 'nothing', forward: () => made, backward: () => [] };

export const parameter: Rule<'parameter'> = {
  reads: 'nothing',
  forward: (op, _, c) => {
    const t = c.parameter(op.parameter);
    return 'unknown' in t ? t : [t];
  },
  backward(op, { gradients: [g] }, c) {
    if (g === undefined) return [];
    const own = c.make(g.shape);
    own.data.set(g.data);
    c.giveGradient(op.parameter, own);
    return [];
  },
};

export const opaque: Rule<'opaque'> = {
  reads: 'nothing',
  forward: (op) => ({ unknown: op.reason === '' ? `no rule for ${op.name}` : op.reason }),
  backward: () => [],
};
