import type { Operation } from '../../../../model/index.js';
import { Tuple, type Runtime, type Value } from '../../../../python/values/index.js';
import { promote } from '../../dtype.js';
import type { DType, Size, Tensor } from '../../tensor.js';
import { fn, type Family } from '../kit/define.js';
import { compute } from '../kit/make.js';
import { hasRank, knownSize, type Shape } from '../kit/sizes.js';
import { itemsOf, numberOf, tensorOf } from '../kit/values.js';
import { tensorList } from '../shape/join.js';
import { linear } from './linear.js';
import { parameterOf } from './weights.js';

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');

interface Equation {
  /** One letter an axis, the ellipsis spelt out. */
  readonly inputs: readonly string[];
  readonly output: string;
}

/** `torch.einsum(equation, *operands)`. */
export function einsum(rt: Runtime, equation: string, operands: readonly Tensor[]): Tensor {
  const dtype = operands.reduce<DType>((d, t) => promote(d, t.dtype), 'bool');
  const unknown = operands.find((t) => !hasRank(t.shape));
  if (unknown) return compute(rt, { kind: 'einsum', equation }, operands, { shape: unknown.shape, dtype });
  const parsed = parse(
    rt,
    equation,
    operands.map((t) => (t.shape as readonly Size[]).length),
  );
  const sizes = sizesOf(rt, parsed, operands);
  const shape: Shape = Array.from(parsed.output).map((l) => sizes.get(l) ?? 1);
  const layer = asLinear(rt, parsed, operands);
  if (layer) return layer;
  const operation: Operation = { kind: 'einsum', equation: `${parsed.inputs.join(',')}->${parsed.output}` };
  return compute(rt, operation, operands, { shape, dtype });
}

function parse(rt: Runtime, text: string, ranks: readonly number[]): Equation {
  const [left = '', right] = text.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  if (terms.length !== ranks.length)
    rt.raise(
      'RuntimeError',
      `einsum(): ${terms.length > ranks.length ? 'fewer' : 'more'} operands were provided than specified in the equation`,
    );
  const used = new Set(text.replaceAll('.', ''));
  const spare = LETTERS.filter((l) => !used.has(l));
  const hidden = terms.map((t, i) => (t.includes('...') ? ranks[i]! - (t.length - 3) : 0));
  const widest = Math.max(0, ...hidden);
  const ellipsis = spare.slice(0, widest).join('');
  const inputs = terms.map((t, i) => t.replace('...', ellipsis.slice(widest - hidden[i]!)));
  for (const [i, t] of inputs.entries())
    if (t.length !== ranks[i])
      rt.raise(
        'RuntimeError',
        `einsum(): the number of subscripts in the equation (${String(t.length)}) does not match the number of dimensions (${String(ranks[i])}) for operand ${String(i)} and no ellipsis was given`,
      );
  if (right !== undefined) return { inputs, output: right.replace('...', ellipsis) };
  const all = inputs.join('');
  const once = [...new Set(all)].filter((l) => !ellipsis.includes(l) && all.split(l).length === 2).sort();
  return { inputs, output: ellipsis + once.join('') };
}

function sizesOf(rt: Runtime, equation: Equation, operands: readonly Tensor[]): Map<string, Size> {
  const sizes = new Map<string, Size>();
  for (const [i, term] of equation.inputs.entries()) {
    for (const [axis, letter] of Array.from(term).entries()) {
      const size = (operands[i]?.shape as readonly Size[])[axis]!;
      const known = sizes.get(letter);
      if (known === undefined || known === 1) sizes.set(letter, size);
      else if (size === 1 || known === size) continue;
      else if (typeof known === 'number' && typeof size === 'number')
        rt.raise(
          'RuntimeError',
          `einsum(): subscript ${letter} has size ${String(size)} for operand ${String(i)} which does not broadcast with previously seen size ${String(known)}`,
        );
      else sizes.set(letter, knownSize(known, size));
    }
  }
  return sizes;
}

/** `...i,io->...o` and `...i,oi->...o` with a parameter are linear layers. */
function asLinear(rt: Runtime, e: Equation, operands: readonly Tensor[]): Tensor | null {
  if (operands.length !== 2) return null;
  for (const [w, x] of [
    [1, 0],
    [0, 1],
  ] as const) {
    const weight = operands[w];
    const [term, other] = [e.inputs[w], e.inputs[x]];
    const input = operands[x];
    if (
      !weight ||
      !input ||
      term?.length !== 2 ||
      !other ||
      parameterOf(weight) === undefined ||
      parameterOf(input) !== undefined
    )
      continue;
    const inner = other.at(-1)!;
    const at = term.indexOf(inner);
    const out = term[1 - at];
    if (at < 0 || out === undefined || out === inner || other.includes(out)) continue;
    if (e.output === other.slice(0, -1) + out && new Set(other).size === other.length)
      return linear(rt, input, weight, null, at === 0);
  }
  return null;
}

/** The other form: operand, axes, operand, axes, …, axes of the result. */
function fromLists(rt: Runtime, args: readonly Value[]): { equation: string; operands: Tensor[] } {
  const operands: Tensor[] = [];
  const terms: string[] = [];
  const letters = (v: Value): string =>
    (itemsOf(v, rt) ?? []).map((n) => (numberOf(n) === undefined ? '...' : (LETTERS[numberOf(n)!] ?? 'a'))).join('');
  let i = 0;
  for (; i + 1 < args.length; i += 2) {
    operands.push(...tensorList(rt, 'einsum', new Tuple([args[i] as Value])));
    terms.push(letters(args[i + 1] as Value));
  }
  const output = i < args.length ? `->${letters(args[i] as Value)}` : '';
  return { equation: terms.join(',') + output, operands };
}

const einsumFunction = fn('einsum', '*args', (a, rt) => {
  const [first, ...rest] = (a.args as Tuple).items;
  if (first !== undefined && tensorOf(first)) {
    const { equation, operands } = fromLists(rt, (a.args as Tuple).items);
    return einsum(rt, equation, operands);
  }
  if (typeof first !== 'string') return rt.unknown('an einsum whose equation is not known');
  const nested = rest.length === 1 && rest[0] !== undefined && !tensorOf(rest[0]) ? rest[0] : new Tuple(rest);
  return einsum(rt, first, tensorList(rt, 'einsum', nested));
});

export const einsums: Family = { torch: { einsum: einsumFunction } };
