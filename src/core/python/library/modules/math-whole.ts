import type { Runtime } from '../../values/runtime.js';
import { Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { isInt, normal, toBig, toIndex, unwrap } from '../support/numbers.js';
import { pure } from '../support/unknowns.js';

function bigs(values: readonly Value[], runtime: Runtime): bigint[] {
  return values.map((value) => {
    const v = unwrap(value);
    if (isInt(v)) return toBig(v);
    const index = toIndex(v, runtime);
    return index instanceof Unknown ? 0n : BigInt(index);
  });
}

/** A function of whole numbers. */
function whole(
  name: string,
  signature: string,
  body: (ns: readonly bigint[], runtime: Runtime) => bigint,
): NativeFunction {
  return pure(
    name,
    signature,
    (args, runtime) => {
      const given = Object.values<Value>(args).flatMap((v) => (v instanceof Tuple ? v.items : v === null ? [] : [v]));
      return normal(body(bigs(given, runtime), runtime));
    },
    'math',
  );
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function falling(n: bigint, k: bigint, runtime: Runtime): bigint {
  if (n < 0n || k < 0n) runtime.raise('ValueError', 'n and k must be non-negative integers');
  if (k > 20_000n && n >= k) runtime.raise('OverflowError', 'the result is too large');
  let product = 1n;
  for (let i = 0n; i < k && product !== 0n; i++) product *= n - i;
  return product;
}

function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** The functions of `math` that take and give whole numbers. */
export const wholeFunctions: readonly NativeFunction[] = [
  whole('gcd', '*ns', (ns) => ns.reduce(gcd, 0n)),
  whole('lcm', '*ns', (ns) => ns.reduce((a, b) => (a === 0n || b === 0n ? 0n : (a / gcd(a, b)) * b), 1n)),
  whole('factorial', 'n', ([n = 0n], runtime) => {
    if (n < 0n) runtime.raise('ValueError', 'factorial() not defined for negative values');
    return falling(n, n, runtime);
  }),
  whole('comb', 'n, k', ([n = 0n, k = 0n], runtime) => {
    const small = k > n - k && n >= k ? n - k : k;
    return falling(n, small, runtime) / falling(small, small, runtime);
  }),
  whole('perm', 'n, k=None', ([n = 0n, k = n], runtime) => falling(n, k, runtime)),
  whole('isqrt', 'n', ([n = 0n], runtime) =>
    n < 0n ? runtime.raise('ValueError', 'isqrt() argument must be nonnegative') : squareRoot(n),
  ),
];
