import { isKnown, type Distribution, type GraphNode, type ValueId } from '../../../../model/index.js';
import type { Runtime } from '../../../../python/values/index.js';
import { torchState } from '../../context.js';
import { Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';
import { mapped } from '../kit/draws.js';
import { entries } from '../kit/entries.js';
import { isTraced, makeConstant } from '../kit/make.js';
import { arithmetic } from '../pointwise/arithmetic.js';
import { mapEntries } from '../pointwise/apply.js';
import { affine } from '../pointwise/unary.js';
import { distributionOf } from '../storage/write.js';

/** What a mask comes to: `keep` is 1 where a query sees a key and 0 where not; `bias` is added to the scores. */
export interface Mask {
  readonly keep?: Tensor;
  readonly bias?: Tensor;
}

/** Scores as low as this hide a key: -inf, -1e9, -1e4, and the -100 of shifted windows. */
const HIDING = -50;

const hides = (v: number): boolean => v <= HIDING;
const isMaskValue = (v: number): boolean => v === 0 || hides(v);

/** A mask as scaled_dot_product_attention takes it: of bools (True: seen), or of numbers to be added. */
export function readMask(rt: Runtime, mask: Tensor | null): Mask {
  if (!mask) return {};
  if (mask.dtype === 'bool') {
    if (mask.value === null) return isUnknown(mask) ? notKnown(rt) : { keep: mask };
    return new Tracing(rt).isFollowed(mask.value) ? { keep: mask } : {};
  }
  if (isWeight(mask)) return { bias: mask };
  if (mask.value !== null) {
    const keep = new Tracing(rt).keepOf(mask.value);
    return keep === undefined ? { bias: mask } : keep === 'all' ? {} : { keep };
  }
  if (isUnknown(mask)) return notKnown(rt);
  if (!isMaskLike(distributionOf(mask), entries(mask))) return { bias: mask };
  const keep = mapEntries(rt, mask, { kind: 'opaque', name: 'mask', reason: '' }, (v) => (hides(v) ? 0 : 1), 'bool');
  return distributionOf(keep).mean === 1 ? {} : { keep };
}

/** The same for masks whose True means "hidden", as MultiheadAttention takes them. */
export function readHidingMask(rt: Runtime, mask: Tensor | null): Mask {
  const { keep, bias } = readMask(rt, mask);
  if (mask?.dtype === 'bool' && keep) return { keep: affine(rt, keep, -1, 1, 'bool') };
  return { ...(keep ? { keep } : {}), ...(bias ? { bias } : {}) };
}

/** Both masks at once. */
export function joinMasks(rt: Runtime, a: Mask, b: Mask): Mask {
  const keep = a.keep && b.keep ? together(rt, 'multiply', a.keep, b.keep) : (a.keep ?? b.keep);
  const bias = a.bias && b.bias ? together(rt, 'add', a.bias, b.bias) : (a.bias ?? b.bias);
  return { ...(keep ? { keep } : {}), ...(bias ? { bias } : {}) };
}

function together(rt: Runtime, kind: 'add' | 'multiply', a: Tensor, b: Tensor): Tensor {
  return arithmetic(rt, kind, { tensor: a, dtype: a.dtype }, { tensor: b, dtype: b.dtype }) as Tensor;
}

function isUnknown(mask: Tensor): boolean {
  return !isTraced([mask]) && !isKnown(distributionOf(mask));
}

function notKnown(rt: Runtime): Mask {
  rt.note('the entries of this attention mask are not known: it is taken to hide nothing');
  return {};
}

function isMaskLike(d: Distribution, data: readonly number[] | null): boolean {
  if (data) return data.every(isMaskValue);
  if (d.kind === 'constant') return isMaskValue(d.mean);
  return (
    d.kind === 'mixture' && d.parts.every((p) => p.distribution.kind === 'constant' && isMaskValue(p.distribution.mean))
  );
}

/** Finds out what a mask that forward computes was made from: `zeros.masked_fill(hidden, -inf)`, `(1 - seen) * -1e4`. */
class Tracing {
  private readonly makers = new Map<ValueId, GraphNode>();
  constructor(private readonly rt: Runtime) {
    for (const node of torchState().tracer.nodes) for (const value of node.outputs) this.makers.set(value, node);
  }

  /** False, and a note, where something without a rule (a comparison of token ids) decides what is hidden. */
  isFollowed(value: ValueId): boolean {
    const seen = new Set<ValueId>();
    const todo = [value];
    for (let v = todo.pop(); v !== undefined; v = todo.pop()) {
      if (seen.has(v)) continue;
      seen.add(v);
      const node = this.makers.get(v);
      if (node?.operation.kind === 'opaque') {
        this.rt.note('what this attention mask hides depends on the input: it is taken to hide nothing');
        return false;
      }
      todo.push(...(node?.inputs ?? []));
    }
    return true;
  }

  /** What is seen; 'all' where nothing is hidden; `undefined` where the value is no mask. */
  keepOf(value: ValueId): Tensor | 'all' | undefined {
    const node = this.makers.get(value);
    const inputs = node?.inputs ?? [];
    const [first, second] = inputs;
    switch (node?.operation.kind) {
      case 'constant':
        return this.constantKeep(node.operation.distribution, value);
      case 'maskedFill':
        if (!hides(node.operation.value) || first === undefined || second === undefined) return undefined;
        return this.both(this.keepOf(first), this.without(second));
      case 'where':
        return this.chosen(inputs);
      case 'add':
        return first === undefined || second === undefined
          ? undefined
          : this.both(this.keepOf(first), this.keepOf(second));
      case 'reshape':
      case 'permute':
      case 'repeat':
      case 'select':
        // Only the share of what is seen counts, and moving entries leaves that as it is.
        return first === undefined ? undefined : this.keepOf(first);
      case 'affine':
        return this.scaled(value);
      default:
        return undefined;
    }
  }

  private with(value: ValueId): Tensor | 'all' {
    return this.isFollowed(value) ? this.tensor(value) : 'all';
  }

  private without(value: ValueId): Tensor | 'all' {
    return this.isFollowed(value) ? affine(this.rt, this.tensor(value), -1, 1, 'bool') : 'all';
  }

  private both(a: Tensor | 'all' | undefined, b: Tensor | 'all' | undefined): Tensor | 'all' | undefined {
    if (a === undefined || b === undefined) return undefined;
    if (a === 'all') return b;
    return b === 'all' ? a : together(this.rt, 'multiply', a, b);
  }

  private constantKeep(d: Distribution, value: ValueId): Tensor | 'all' | undefined {
    if (!isMaskLike(d, null)) return undefined;
    const distribution = mapped(d, (v) => (hides(v) ? 0 : 1), 'mask');
    if (distribution.mean === 1) return 'all';
    return makeConstant(this.rt, 'mask', this.tensor(value).shape, 'bool', { distribution });
  }

  /** `torch.where(seen, 0, -inf)` or the other way round. */
  private chosen([condition, yes, no]: readonly ValueId[]): Tensor | 'all' | undefined {
    if (condition === undefined || yes === undefined || no === undefined) return undefined;
    const [a, b] = [this.number(yes), this.number(no)];
    if (a === 0 && b !== undefined && hides(b)) return this.with(condition);
    return b === 0 && a !== undefined && hides(a) ? this.without(condition) : undefined;
  }

  private number(value: ValueId): number | undefined {
    const op = this.makers.get(value)?.operation;
    return op?.kind === 'constant' && op.distribution.kind === 'constant' ? op.distribution.mean : undefined;
  }

  /** factor·m + offset of an m that is 0 or 1. */
  private scaled(value: ValueId): Tensor | 'all' | undefined {
    let [factor, offset, at] = [1, 0, value];
    for (;;) {
      const node = this.makers.get(at);
      const from = node?.inputs[0];
      if (node?.operation.kind !== 'affine' || from === undefined) break;
      offset += factor * node.operation.offset;
      factor *= node.operation.factor;
      at = from;
    }
    if (Math.abs(factor + offset) < 1 && hides(offset)) return this.with(at);
    return Math.abs(offset) < 1 && hides(factor + offset) ? this.without(at) : undefined;
  }

  /** A tensor for a value of the graph. */
  private tensor(value: ValueId): Tensor {
    const known = torchState().tracer.graph([], (id) => id).values[value];
    const shape = known?.shape.map((d) => (typeof d === 'number' ? d : this.rt.unknown('a size of a mask', d)));
    return new Tensor(shape ?? this.rt.unknown('the shape of a mask', '…'), known?.dtype ?? 'bool', null, value);
  }
}
