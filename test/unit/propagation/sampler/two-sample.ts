/** Two-sample tests: does one program draw from the same distribution as another? */

/** P(D > d) of the two-sample Kolmogorov–Smirnov statistic, by its limit (Stephens' correction for finite samples). */
function survival(d: number, effective: number): number {
  const root = Math.sqrt(effective);
  const x = (root + 0.12 + 0.11 / root) * d;
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k < 100; k++) sum += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

export function kolmogorovSmirnov(first: readonly number[], second: readonly number[]): number {
  const a = Float64Array.from(first).sort();
  const b = Float64Array.from(second).sort();
  let [i, j, most] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! <= x) i++;
    while (j < b.length && b[j]! <= x) j++;
    most = Math.max(most, Math.abs(i / a.length - j / b.length));
  }
  return survival(most, (a.length * b.length) / (a.length + b.length));
}

/** Permutation test on the energy distance (Székely & Rizzo) of standardised vectors: sees what margins hide. */
export function energyDistance(
  first: readonly (readonly number[])[],
  second: readonly (readonly number[])[],
  permutations: number,
  random: () => number,
): number {
  const all = [...first, ...second];
  const width = all[0]!.length;
  const scales = Array.from({ length: width }, (_, k) => {
    const mean = all.reduce((sum, v) => sum + v[k]!, 0) / all.length;
    return 1 / (Math.sqrt(all.reduce((sum, v) => sum + (v[k]! - mean) ** 2, 0) / all.length) || 1);
  });
  const n = all.length;
  const distances = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += ((all[i]![k]! - all[j]![k]!) * scales[k]!) ** 2;
      distances[i * n + j] = distances[j * n + i] = Math.sqrt(sum);
    }
  }
  // With s = ±1 for the two samples (equal sizes) the distance is −Σ s_i s_j d_ij up to a constant factor.
  const signs = Float64Array.from({ length: n }, (_, i) => (i < first.length ? 1 : -1));
  const statistic = (): number => {
    let total = 0;
    for (let i = 0; i < n; i++) {
      let row = 0;
      for (let j = 0; j < i; j++) row += signs[j]! * distances[i * n + j]!;
      total -= signs[i]! * row;
    }
    return total;
  };
  const observed = statistic();
  let above = 1;
  for (let p = 0; p < permutations; p++) {
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [signs[i], signs[j]] = [signs[j]!, signs[i]!];
    }
    if (statistic() >= observed) above++;
  }
  return above / (permutations + 1);
}

export interface Comparison {
  /** The smallest p-value of all margins, times their number. */
  readonly bonferroni: number;
  readonly worst: string;
  readonly energy: number;
}

/** Compares two samples of named statistics. */
export function compare(
  first: readonly Readonly<Record<string, number>>[],
  second: readonly Readonly<Record<string, number>>[],
  { energyOf = 300, permutations = 100 } = {},
): Comparison {
  const names = Object.keys(first[0]!);
  let [smallest, worst] = [1, ''];
  for (const name of names) {
    const p = kolmogorovSmirnov(
      first.map((s) => s[name]!),
      second.map((s) => s[name]!),
    );
    if (p < smallest) [smallest, worst] = [p, name];
  }
  let state = 12345;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
  const vectors = (sample: typeof first): number[][] => sample.slice(0, energyOf).map((s) => names.map((k) => s[k]!));
  return {
    bonferroni: Math.min(1, smallest * names.length),
    worst,
    energy: energyDistance(vectors(first), vectors(second), permutations, random),
  };
}
