import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../../src/core/frameworks/torch/tensor.js';
import { torchState } from '../../../../src/core/frameworks/torch/context.js';
import {
  Float,
  List,
  native,
  PyException,
  Tuple,
  Unknown,
  type Value,
} from '../../../../src/core/python/values/index.js';
import { runTorch } from './support.js';

interface Case {
  readonly expression: string;
  readonly result?: unknown;
  readonly error?: string;
}

const cases = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../parity/shapes.json', import.meta.url)), 'utf8'),
) as readonly Case[];

/** What only running the model could tell: sizes that depend on entries. Shapes may stay open there. */
const DEPENDS_ON_ENTRIES =
  /masked_select|torch\.bincount|torch\.unique|torch\.nonzero|torch\.combinations|repeat_interleave\(t\(3\), torch/;
/** Strides are known before forward only: torch would refuse these views, forward's trace lets them pass. */
const NEEDS_STRIDES = /\.view\(|is_contiguous|stride\(\)/;

function describeValue(v: Value): unknown {
  if (v instanceof Tensor) {
    const shape = Array.isArray(v.shape) ? v.shape.map((s: Value) => (s instanceof Unknown ? '?' : s)) : '?';
    return { shape, dtype: v.dtype };
  }
  if (v instanceof Tuple || v instanceof List) return v.items.map(describeValue);
  if (v instanceof Float) return { float: Number.isFinite(v.value) ? v.value : String(v.value) };
  return v instanceof Unknown ? `unknown: ${v.reason}` : v;
}

function close(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(actual) && Array.isArray(expected))
    return actual.length === expected.length && actual.every((a, i) => close(a, expected[i]));
  if (typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null) {
    const [a, e] = [actual as Record<string, unknown>, expected as Record<string, unknown>];
    if ('float' in e) return typeof a['float'] === 'number' && Math.abs(a['float'] - (e['float'] as number)) < 1e-5;
    return a['dtype'] === e['dtype'] && close(a['shape'], e['shape']);
  }
  return actual === expected || actual === '?';
}

function check(c: Case, evaluate: (expression: string) => Value, traced: boolean): void {
  let actual: unknown;
  let error: string | undefined;
  try {
    actual = describeValue(evaluate(c.expression));
  } catch (e) {
    if (!(e instanceof PyException)) throw e;
    error = `${e.className}: ${e.message.split('\n')[0] ?? ''}`;
  }
  if (c.error !== undefined) {
    if (traced && NEEDS_STRIDES.test(c.expression)) return;
    expect(error ?? actual).toBe(c.error);
    return;
  }
  expect(error, `raised ${error ?? ''}`).toBeUndefined();
  const open = JSON.stringify(actual).includes('"?"');
  if (open) expect(c.expression).toMatch(DEPENDS_ON_ENTRIES);
  if (!close(actual, c.result)) expect(actual).toEqual(c.result);
}

describe('shapes before forward', () => {
  const { evaluate } = runTorch(
    'def t(*size):\n  return torch.randn(size)\n' +
      'def i(*size):\n  return torch.randint(0, 4, size)\n' +
      'def b(*size):\n  return torch.ones(size, dtype=torch.bool)\n',
  );
  it.each(cases.map((c) => [c.expression, c] as const))('%s', (_, c) => {
    check(c, evaluate, false);
  });
});

describe('shapes in forward', () => {
  const { evaluate, module, state } = runTorch('');
  const input = (dtype: Tensor['dtype']) =>
    native('input', '*size', ({ size }) => {
      const t = new Tensor((size as Tuple).items.map(Number), dtype, null);
      return torchState().tracer.input(t, 'x');
    });
  module.names.set('t', input('float'));
  module.names.set('i', input('int'));
  module.names.set('b', input('bool'));
  it.each(cases.map((c) => [c.expression, c] as const))('%s', (_, c) => {
    state.beginTrace();
    state.tracer.active = true;
    try {
      check(c, evaluate, true);
    } finally {
      state.tracer.active = false;
    }
  });
});
