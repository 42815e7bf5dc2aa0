import type { RuleTable } from '../types.js';
import { activation, gate } from './activation.js';
import { concatenate, permute, reshape } from './arrange.js';
import { attention } from './attention.js';
import { add, divide, maximum, minimum, multiply, subtract } from './binary.js';
import { maskedFill, where } from './choose.js';
import { convolution } from './convolution.js';
import { oneHot, place, straightThrough } from './discrete.js';
import { dropout } from './dropout.js';
import { einsum } from './einsum.js';
import { embedding } from './embedding.js';
import { bilinear, linear } from './linear.js';
import { pad, repeat, roll, select } from './moves.js';
import { normalize } from './normalize.js';
import { affine, clamp, power } from './pointwise.js';
import { adaptivePool, pool } from './pool.js';
import { matmul } from './product.js';
import { recurrent } from './recurrent.js';
import { cumulate, reduce } from './reduce.js';
import { resize } from './resize.js';
import { softmax } from './softmax.js';
import { constant, input, opaque, parameter } from './sources.js';
import { fold, unfold } from './windows.js';

/** One rule per kind of operation, forward and backward. */
export const RULES: RuleTable = {
  input,
  constant,
  parameter,
  linear,
  bilinear,
  convolution,
  embedding,
  recurrent,
  activation,
  gate,
  affine,
  power,
  clamp,
  add,
  subtract,
  multiply,
  divide,
  maximum,
  minimum,
  where,
  maskedFill,
  normalize,
  softmax,
  dropout,
  matmul,
  einsum,
  attention,
  pool,
  adaptivePool,
  reduce,
  cumulate,
  resize,
  reshape,
  permute,
  concatenate,
  select,
  repeat,
  pad,
  roll,
  unfold,
  fold,
  place,
  oneHot,
  straightThrough,
  opaque,
};
