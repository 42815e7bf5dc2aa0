import { expect, it } from 'vitest';
import { findingsOfFailures } from '../../../src/core/advice/findings/failures.js';

const codes = (...reasons: string[]): string[] =>
  findingsOfFailures(reasons.map((reason) => ({ reason }))).map((f) => f.code);

it('knows orthogonal_ on a vector by what it raises', () => {
  expect(codes('ValueError: Only tensors with 2 or more dimensions are supported')).toEqual(['IS112']);
});

it('tells several models that stop at one line once', () => {
  const reason = 'ValueError: Unsupported nonlinearity gelu';
  expect(codes(reason, reason)).toEqual(['IS105']);
});

it('leaves other exceptions alone', () => {
  expect(codes("AttributeError: 'NoneType' object has no attribute 'shape_of'", 'ValueError: bad width')).toEqual([]);
});
