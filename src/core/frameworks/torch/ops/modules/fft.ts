import type { Runtime, Value } from '../../../../python/values/index.js';
import type { DType, Size, Tensor } from '../../tensor.js';
import { axesOf, axisNumber } from '../kit/axes.js';
import { fn, op, type Table } from '../kit/define.js';
import { isTraced, makeConstant, opaque, unknownContent } from '../kit/make.js';
import { hasRank, over, plus, times, type Shape } from '../kit/sizes.js';
import { flag, integer, itemsOf, numberOf, sizeOf } from '../kit/values.js';

const REASON = 'a Fourier transform';

/** What the last transformed axis becomes: all frequencies, half of them, or a signal of twice as many. */
type Kind = 'full' | 'half' | 'real';

function lastSize(kind: Kind, own: Size, asked: Size | undefined): Size {
  if (kind === 'half') return plus(over(asked ?? own, 2), 1);
  if (kind === 'real') return asked ?? times(plus(own, -1), 2);
  return asked ?? own;
}

function transformed(
  rt: Runtime,
  x: Tensor,
  name: string,
  kind: Kind,
  axes: readonly number[],
  sizes: readonly (Size | undefined)[],
): Tensor {
  const dtype: DType = kind === 'real' ? 'float' : 'complex';
  const shape: Shape = hasRank(x.shape)
    ? x.shape.map((s, i) => {
        const k = axes.indexOf(i);
        if (k < 0) return s;
        return k === axes.length - 1 ? lastSize(kind, s, sizes[k]) : (sizes[k] ?? s);
      })
    : x.shape;
  return opaque(rt, name, REASON, [x], { shape, dtype });
}

const one = (name: string, kind: Kind): Table[string] =>
  op(name, 'input, n=None, dim=-1, norm=None', (x, a, rt) => {
    const rank = hasRank(x.shape) ? x.shape.length : 1;
    return transformed(
      rt,
      x,
      name,
      kind,
      [axisNumber(integer(a.dim, 'dim', rt), rank, rt)],
      [a.n === null ? undefined : sizeOf(a.n, rt)],
    );
  });

const several = (name: string, kind: Kind, usual: number | null): Table[string] =>
  op(name, 'input, s=None, dim=None, norm=None', (x, a, rt) => {
    const rank = hasRank(x.shape) ? x.shape.length : 1;
    const sizes = itemsOf(a.s, rt)?.map((s) => sizeOf(s, rt));
    const count = usual ?? sizes?.length ?? rank;
    const axes = a.dim === null ? Array.from({ length: count }, (_, i) => rank - count + i) : axesOf(a.dim, rank, rt);
    return transformed(
      rt,
      x,
      name,
      kind,
      axes,
      axes.map((_, i) => sizes?.[i]),
    );
  });

const frequencies = (name: string, half: boolean): Table[string] =>
  fn(name, 'n, d=1.0, out=None, dtype=None, layout=None, device=None, requires_grad=False', (a, rt) => {
    const n = sizeOf(a.n, rt);
    return makeConstant(rt, name, [half ? plus(over(n, 2), 1) : n], 'float', unknownContent('frequencies'));
  });

const shift = (name: string): Table[string] =>
  op(name, 'input, dim=None', (x, _a, rt) =>
    isTraced([x]) ? opaque(rt, name, REASON, [x], { shape: x.shape, dtype: x.dtype }) : x,
  );

/** torch.fft: shapes only. */
export const fft: Record<string, Value> = {
  fft: one('fft', 'full'),
  ifft: one('ifft', 'full'),
  rfft: one('rfft', 'half'),
  irfft: one('irfft', 'real'),
  hfft: one('hfft', 'real'),
  ihfft: one('ihfft', 'half'),
  fft2: several('fft2', 'full', 2),
  ifft2: several('ifft2', 'full', 2),
  rfft2: several('rfft2', 'half', 2),
  irfft2: several('irfft2', 'real', 2),
  fftn: several('fftn', 'full', null),
  ifftn: several('ifftn', 'full', null),
  rfftn: several('rfftn', 'half', null),
  irfftn: several('irfftn', 'real', null),
  fftfreq: frequencies('fftfreq', false),
  rfftfreq: frequencies('rfftfreq', true),
  fftshift: shift('fftshift'),
  ifftshift: shift('ifftshift'),
};

/** torch.stft: (batch, frequencies, frames), complex. */
export const stft = op(
  'stft',
  "input, n_fft, hop_length=None, win_length=None, window=None, center=True, pad_mode='reflect', normalized=False, onesided=None, return_complex=None, align_to_window=None",
  (x, a, rt) => {
    const size = integer(a.n_fft, 'n_fft', rt);
    const hop = numberOf(a.hop_length) ?? Math.floor(size / 4);
    const whole = a.onesided !== null && !flag(a.onesided, rt, true);
    const shape: Shape =
      hasRank(x.shape) && x.shape.length > 0
        ? [
            ...x.shape.slice(0, -1),
            whole ? size : Math.floor(size / 2) + 1,
            plus(
              over(plus(x.shape.at(-1)!, flag(a.center, rt, true) ? 2 * Math.floor(size / 2) - size : -size), hop),
              1,
            ),
            ...(flag(a.return_complex ?? true, rt, true) ? [] : [2]),
          ]
        : x.shape;
    return opaque(rt, 'stft', REASON, [x], { shape, dtype: flag(a.return_complex, rt) ? 'complex' : 'float' });
  },
);

/** Windows for stft. */
export const windows: Table = Object.fromEntries(
  ['hann_window', 'hamming_window', 'blackman_window', 'bartlett_window', 'kaiser_window'].map((name) => [
    name,
    fn(
      name,
      'window_length, *args, dtype=None, layout=None, device=None, requires_grad=False, periodic=True',
      (a, rt) => makeConstant(rt, name, [sizeOf(a.window_length, rt)], 'float', unknownContent('a window function')),
    ),
  ]),
);
