import { mixture } from '../../../../initializers/index.js';
import type { Distribution, SetBy } from '../../../../model/index.js';
import { touch, type Runtime, type Value } from '../../../../python/values/index.js';
import { torchState } from '../../context.js';
import type { Entries, Storage, Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';
import { describe } from '../kit/draws.js';
import { entries, entryAt, equalEntries, formula, lookup } from '../kit/entries.js';
import { isTraced, isWritable, setter, type Content } from '../kit/make.js';
import { isComplete } from '../kit/sizes.js';
import { count, indexAt, scatter } from '../kit/strides.js';
import { layoutOf } from './layout.js';
import { lookAt, paint } from './paint.js';

/** What a tensor holds before forward runs: that of its storage, or of the part of it that it covers. */
export function distributionOf(t: Tensor): Distribution {
  if (t.storage === null) return { kind: 'unknown', reason: 'values computed in forward' };
  const whole = t.storage.distribution;
  if (t.region === null || (whole.kind !== 'mixture' && typeof t.storage.data !== 'function')) return whole;
  const data = entries(t);
  if (data) return describe(data, t.storage.setBy.what);
  const layout = layoutOf(t);
  if (!layout || !isComplete(t.shape)) return whole;
  return lookAt(whole, layout.entries, t.storage.rows, { ...layout, shape: t.shape }) ?? whole;
}

export function contentOf(t: Tensor): Content {
  const distribution = distributionOf(t);
  const data = distribution.kind === 'constant' ? null : (entries(t) ?? entryAt(t));
  return { distribution, data, setBy: t.storage?.setBy };
}

/** Gives the entries of a tensor (or of the part of a storage that it is a view of) a new distribution. */
export function writeDistribution(t: Tensor, d: Distribution, setBy: SetBy, data: Entries | null = null): void {
  const storage = t.storage;
  if (storage === null || !isWritable(storage)) return;
  const all = wholeEntries(t, storage, d, data);
  const whole = partly(t, d);
  const by: SetBy = t.region === null || t.region.fraction === 1 ? setBy : { ...setBy, part: true };
  if (setBy.range) torchState().walk?.written.add(storage);
  const isListed = typeof all === 'object' && all !== null;
  storage.set(isListed && whole.kind === 'unknown' ? describe(all, setBy.what) : whole, by, all);
}

/** All entries of the storage after those of `t` became `data`. */
function wholeEntries(t: Tensor, storage: Storage, d: Distribution, data: Entries | null): Entries | null {
  if (t.region === null) return data;
  const { layout } = t.region;
  if (!layout || !isComplete(t.shape)) return null;
  const part = data ?? (d.kind === 'constant' ? (equalEntries(d.mean, count(t.shape)) ?? (() => d.mean)) : null);
  if (!part) return null;
  const { kind, mean } = storage.distribution;
  const before = kind === 'constant' ? (equalEntries(mean, layout.entries) ?? (() => mean)) : storage.data;
  if (before === null) return null;
  if (typeof before === 'object' && typeof part === 'object') return scatter(before, t.shape, layout, part);
  const index = indexAt(t.shape, layout);
  if (index === null) return null;
  const [old, given] = [lookup(before), lookup(part)];
  return formula(
    (place) => {
      const i = index(place);
      return i === undefined ? old(place) : given(i);
    },
    before,
    part,
  );
}

function partly(t: Tensor, d: Distribution): Distribution {
  const before = t.storage?.distribution ?? d;
  if (t.region === null || t.region.fraction === 1) return d;
  const layout = layoutOf(t);
  if (layout && isComplete(t.shape)) {
    const painted = paint(before, layout.entries, t.storage?.rows ?? 0, { ...layout, shape: t.shape }, d);
    if (painted) return painted;
  }
  const { fraction } = t.region;
  if (Number.isNaN(fraction))
    return { kind: 'unknown', reason: 'a part of this tensor was set, and how large a part is not known' };
  return mixture([
    { fraction: 1 - fraction, distribution: before },
    { fraction, distribution: d },
  ]);
}

/** `target` becomes what `result` is, as by an in-place method called `what` with the given arguments. */
export function assignInPlace(
  target: Tensor,
  result: Tensor,
  what: string,
  rt: Runtime,
  given?: Readonly<Record<string, Value>>,
): void {
  if (target === result) return;
  if (isTraced([target, result]) && !isWeight(target) && !isKept(target)) {
    touch(target);
    target.value = torchState().tracer.valueOf(result);
    target.shape = result.shape;
    target.dtype = result.dtype;
    return;
  }
  if (target.storage === null) return;
  const content = contentOf(result);
  writeDistribution(target, content.distribution, setter(what, rt, given), content.data ?? null);
  if (result.storage && target.region === null && isWritable(target.storage))
    target.storage.drawnAs(result.storage.draw);
}

/** Buffers and other tensors from before forward: a trace must leave them as it found them. */
function isKept(t: Tensor): boolean {
  return t.value === null && t.storage !== null && !isWritable(t.storage);
}
