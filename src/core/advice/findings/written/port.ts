import type { Cause } from '../rule.js';
import type { Written, WrittenRule } from './written.js';

interface Difference {
  readonly framework: RegExp;
  readonly called: RegExp;
  /** Not where the argument at this position, or of one of these names, is given. */
  readonly argument: readonly [number, ...string[]];
  readonly message: string;
}

/** Functions whose defaults differ between frameworks (torch 2.13, Keras 3.15, tf-keras 2.21, JAX 0.10). */
const DIFFERENCES: readonly Difference[] = [
  {
    framework: /keras|tensorflow|tf2?/i,
    called: /^torch\.nn\.LeakyReLU$/,
    argument: [0, 'negative_slope'],
    message: "LeakyReLU's slope is 0.01 in PyTorch, 0.3 in Keras's layer and 0.2 in tf.nn.leaky_relu",
  },
  {
    framework: /keras|tensorflow|tf2?/i,
    called: /^torch\.nn\.functional\.leaky_relu$/,
    argument: [1, 'negative_slope'],
    message: "leaky_relu's slope is 0.01 in PyTorch, 0.2 in TensorFlow and Keras's function, 0.3 in Keras's layer",
  },
  {
    framework: /keras|tensorflow|tf2?/i,
    called: /^torch\.nn\.PReLU$/,
    argument: [1, 'init'],
    message: "PReLU's slope starts at 0.25 in PyTorch and at 0 in Keras",
  },
  {
    framework: /keras|tensorflow|tf2?/i,
    called: /^torch\.nn\.(?:Hardsigmoid|functional\.hardsigmoid)$/,
    argument: [9],
    message: 'the hard sigmoid is relu6(x + 3)/6 in PyTorch and Keras 3, and clip(0.2·x + 0.5) in Keras 2 and TF.js',
  },
  {
    framework: /jax|flax|haiku/i,
    called: /^torch\.nn\.(?:GELU|functional\.gelu)$/,
    argument: [9, 'approximate'],
    message: "GELU is exact in PyTorch (approximate='none') and the tanh approximation in JAX's jax.nn.gelu",
  },
];

const PORTED =
  /\b(?:port(?:ed)?|convert(?:ed)?|translat(?:ed|ion)|re-?implement(?:ed|ation)|rewritten|PyTorch version)\b[^\n.]{0,60}?\b(keras|tensorflow|tf2?|jax|flax|haiku)\b/i;
const CONVERTS = /\b(?:load|convert|from)_(tf|tensorflow|keras|flax|jax)_(?:weights|checkpoint|params)/i;

/** The framework that a comment or the name of a function says this file was taken from. */
function source(w: Written): string | undefined {
  return (PORTED.exec(w.text) ?? CONVERTS.exec(w.text))?.[1];
}

export const portDifference: WrittenRule = {
  code: 'IS140',
  name: 'port-difference',
  severity: 'info',
  mentions: new RegExp(`${PORTED.source}|${CONVERTS.source}`, 'i'),
  find(w) {
    const from = source(w);
    if (from === undefined || w.models.length === 0) return [];
    return DIFFERENCES.flatMap(({ framework, called, argument: [index, ...names], message }): Cause[] => {
      if (!new RegExp(`^(?:${framework.source})$`, 'i').test(from)) return [];
      const [first, ...more] = w.calls.filter(
        ({ node, name }) =>
          called.test(name) && node.args.length <= index && !node.keywords.some((k) => names.includes(k.name ?? '')),
      );
      if (!first) return [];
      return [
        {
          range: w.at(first.node),
          message: `This file was ported from ${from}, and ${message}: give it by name, so that the port computes the same.`,
          ...(more.length > 0 && { related: more.map((c) => ({ message: 'and here', range: w.at(c.node) })) }),
        },
      ];
    });
  },
};
