import type { NativeFunction, Value } from '../../../../python/values/index.js';
import type { Table } from '../kit/define.js';
import { activations } from '../pointwise/activations.js';
import { binaries } from '../pointwise/binary.js';
import { unary } from '../pointwise/unary.js';
import { reductions } from '../reduce/reduce.js';
import { softmaxes } from '../layers/softmax.js';

const all: Record<string, Value> = {
  ...unary.torch,
  ...activations.torch,
  ...binaries.torch,
  ...reductions.torch,
  ...softmaxes.torch,
};

/** torch.special's names, and the function of torch that each is. */
const NAMES: Readonly<Record<string, string>> = {
  expit: 'sigmoid',
  logit: 'logit',
  erf: 'erf',
  erfc: 'erfc',
  erfinv: 'erfinv',
  exp2: 'exp2',
  expm1: 'expm1',
  log1p: 'log1p',
  digamma: 'digamma',
  psi: 'digamma',
  gammaln: 'lgamma',
  i0: 'i0',
  sinc: 'sinc',
  round: 'round',
  xlogy: 'xlogy',
  logsumexp: 'logsumexp',
  softmax: 'softmax',
  log_softmax: 'log_softmax',
};

export const special: Table = Object.fromEntries(
  Object.entries(NAMES).flatMap(([name, own]) => (all[own] ? [[name, all[own] as NativeFunction] as const] : [])),
);
