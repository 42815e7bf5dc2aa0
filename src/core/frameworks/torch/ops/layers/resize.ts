import type { Operation } from '../../../../model/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { op, tensorArgument, type Family, type Table } from '../kit/define.js';
import { compute, opaque } from '../kit/make.js';
import { hasRank, isComplete, symbol, times, type Sizes } from '../kit/sizes.js';
import { flag, itemsOf, numberOf, sizeOf } from '../kit/values.js';
import { contentOf } from '../storage/write.js';

type Mode = Extract<Operation, { kind: 'resize' }>['mode'];

/** Modes of torch, what they are here, and the rank that each needs. */
const MODES: Readonly<Record<string, readonly [mode: Mode, rank?: number]>> = {
  nearest: ['nearest'],
  'nearest-exact': ['nearest'],
  area: ['area'],
  linear: ['bilinear', 3],
  bilinear: ['bilinear', 4],
  trilinear: ['bilinear', 5],
  bicubic: ['bicubic', 4],
  lanczos: ['bicubic', 4],
};
const INTERPOLATING = ['linear', 'bilinear', 'bicubic', 'trilinear'];

function modeOf(rt: Runtime, mode: string, rank: number): Mode {
  const known = MODES[mode];
  if (!known || rank < 3 || rank > 5)
    rt.raise(
      'NotImplementedError',
      `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${String(rank)}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got ${mode})`,
    );
  const [own, needed] = known;
  if (needed !== undefined && needed !== rank)
    rt.raise('NotImplementedError', `Got ${String(rank)}D input, but ${mode} mode needs ${String(needed)}D input`);
  return own;
}

/** The spatial sizes that `size` or `scale_factor` ask for. */
function outputSizes(rt: Runtime, spatial: Sizes, size: Value, factor: Value): Sizes {
  if (size !== null && factor !== null) rt.raise('ValueError', 'only one of size or scale_factor should be defined');
  if (size === null && factor === null) rt.raise('ValueError', 'either size or scale_factor should be defined');
  const items = itemsOf(size ?? factor, rt);
  if (items && items.length !== spatial.length) misfit(rt, spatial, items, size !== null);
  return spatial.map((n, i) => {
    const wanted = items ? (items[i] as Value) : (size ?? factor);
    if (size !== null) return sizeOf(wanted, rt);
    const by = numberOf(wanted);
    if (by === undefined) return rt.unknown('a scale factor that is not known');
    if (typeof n === 'number') return Math.floor(n * by);
    return Number.isInteger(by) ? times(n, by) : n.as('?');
  });
}

function misfit(rt: Runtime, spatial: Sizes, items: readonly Value[], isSize: boolean): never {
  const own = `[${spatial.map(symbol).join(', ')}]`;
  const given = `(${items.map((v) => rt.repr(v)).join(', ')}${items.length === 1 ? ',' : ''})`;
  const [what, text, letter] = isSize
    ? ['output size', `output size of ${given}`, 'o']
    : ['scale_factor', `scale_factor of shape ${given}`, 's'];
  const start = isSize ? 'Input and output' : 'Input and scale_factor';
  return rt.raise(
    'ValueError',
    `${start} must have the same number of spatial dimensions, but got input with spatial dimensions of ${own} and ${text}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and ${what} in (${letter}1, ${letter}2, ...,${letter}K) format.`,
  );
}

function resize(rt: Runtime, x: Tensor, size: Value, factor: Value, mode: string, corners: Value): Tensor {
  if (!hasRank(x.shape)) return opaque(rt, 'interpolate', x.shape.reason, [x], { shape: x.shape, dtype: x.dtype });
  if (corners !== null && !INTERPOLATING.includes(mode) && MODES[mode])
    rt.raise(
      'ValueError',
      'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear',
    );
  const output = outputSizes(rt, x.shape.slice(2), size, factor);
  const own = modeOf(rt, mode, x.shape.length);
  const shape = [...x.shape.slice(0, 2), ...output];
  if (!isComplete(output)) return opaque(rt, 'interpolate', 'the output size is not known', [x], { shape });
  const alignCorners = corners !== null && flag(corners, rt);
  const operation: Operation = { kind: 'resize', mode: own, output, ...(alignCorners ? { alignCorners } : {}) };
  return compute(rt, operation, [x], { shape, dtype: x.dtype }, () =>
    // Copies have the distribution of what they are copies of; averages do not.
    own === 'nearest' ? { ...contentOf(x), data: null } : { distribution: { kind: 'unknown', reason: 'interpolated' } },
  );
}

function modeText(v: Value, rt: Runtime): string {
  return typeof v === 'string' ? v : rt.str(v);
}

const interpolate = op(
  'interpolate',
  "input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None, antialias=False",
  (x, a, rt) => resize(rt, x, a.size, a.scale_factor, modeText(a.mode, rt), a.align_corners),
);
const upsample = op('upsample', "input, size=None, scale_factor=None, mode='nearest', align_corners=None", (x, a, rt) =>
  resize(rt, x, a.size, a.scale_factor, modeText(a.mode, rt), a.align_corners),
);
const upsampleNearest = op('upsample_nearest', 'input, size=None, scale_factor=None', (x, a, rt) =>
  resize(rt, x, a.size, a.scale_factor, 'nearest', null),
);
const upsampleBilinear = op('upsample_bilinear', 'input, size=None, scale_factor=None', (x, a, rt) =>
  resize(rt, x, a.size, a.scale_factor, 'bilinear', true),
);

/** Samples the input at the places that a grid names: (N, C, …) at (N, …, 2 or 3). */
const gridSample = op(
  'grid_sample',
  "input, grid, mode='bilinear', padding_mode='zeros', align_corners=None",
  (x, a, rt) => {
    const grid = tensorArgument(a.grid, 'grid_sample', 'grid', rt);
    const reason = 'sampling at computed places has no rule';
    if (!hasRank(x.shape) || !hasRank(grid.shape))
      return opaque(rt, 'grid_sample', reason, [x, grid], { shape: hasRank(x.shape) ? grid.shape : x.shape });
    const text = (s: Sizes): string => `[${s.map(symbol).join(', ')}]`;
    const [n, m] = [x.shape[0]!, grid.shape[0]!];
    if (typeof n === 'number' && typeof m === 'number' && n !== m)
      rt.raise(
        'RuntimeError',
        `grid_sampler(): expected grid and input to have same batch size, but got input with sizes ${text(x.shape)} and grid with sizes ${text(grid.shape)}`,
      );
    const last = grid.shape.at(-1);
    if (typeof last === 'number' && last !== x.shape.length - 2)
      rt.raise(
        'RuntimeError',
        `grid_sampler(): expected grid to have size ${String(x.shape.length - 2)} in last dimension, but got grid with sizes ${text(grid.shape)}`,
      );
    const shape = [...x.shape.slice(0, 2), ...grid.shape.slice(1, -1)];
    return opaque(rt, 'grid_sample', reason, [x, grid], { shape });
  },
);

const affineGrid = op('affine_grid', 'theta, size, align_corners=None', (x, a, rt) => {
  const sizes = itemsOf(a.size, rt)?.map((s) => sizeOf(s, rt));
  const shape = sizes ? [sizes[0] ?? 1, ...sizes.slice(2), sizes.length - 2] : rt.unknown('the size of a grid', '…');
  return opaque(rt, 'affine_grid', 'a grid of computed places', [x], { shape });
});

const functions: Table = {
  interpolate,
  upsample,
  upsample_nearest: upsampleNearest,
  upsample_bilinear: upsampleBilinear,
  grid_sample: gridSample,
  affine_grid: affineGrid,
};

export const resizeFamily: Family = { functional: functions };
