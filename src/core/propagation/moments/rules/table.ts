import type { RuleTable } from '../types.js';
import { attention } from './attention.js';
import { add, divide, maskedFill, maximum, minimum, multiply, subtract, where } from './broadcast.js';
import { convolution } from './convolution.js';
import { oneHot, place, straightThrough } from './discrete.js';
import { dropout } from './dropout.js';
import { gate } from './gate.js';
import { bilinear, embedding, linear } from './linear.js';
import { normalize } from './normalize.js';
import { adaptivePool, pool } from './pool.js';
import { resize } from './resize.js';
import { einsum, matmul } from './product.js';
import { recurrent } from './recurrent.js';
import { cumulate, reduce } from './reduce.js';
import { concatenate } from './concatenate.js';
import { select } from './select.js';
import { permute, repeat, reshape, roll } from './shape.js';
import { fold, pad, unfold } from './window.js';
import { softmax } from './softmax.js';
import { constant, input, opaque, parameter } from './sources.js';

/**
 * One rule per kind of operation. Functions of a single tensor (activation, power, clamp, affine, and arithmetic of
 * functions of the same tensor) are not here: the engine integrates them as curves.
 */
export const RULES: RuleTable = {
  input,
  constant,
  parameter,
  linear,
  bilinear,
  convolution,
  embedding,
  recurrent,
  gate,
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
