import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readIdx } from '../../../src/core/experiments/data/idx.js';
import { DERIVATION, runDerivation } from '../../../src/core/experiments/lab/derivation.js';
import { DIGITS, runDigits } from '../../../src/core/experiments/lab/digits.js';
import { REGIME_STARTS, REGIMES, runRegimes } from '../../../src/core/experiments/lab/regimes.js';
import { buildNetwork, type NetworkSpec } from '../../../src/core/experiments/training/network.js';
import type { LinearHistogram } from '../../../src/core/model/index.js';
import { simulateFinite } from '../../../src/core/propagation/batch/index.js';
import { createKernels } from '../../../src/core/propagation/kernels/index.js';
import { propagateMoments } from '../../../src/core/propagation/moments/index.js';

const fast = createKernels({ limit: 2 ** 28 });
const bench = { exact: fast, fast };
const BATCH = 32;
/** Variances of the simulator are about the tensor's own mean, which takes 1/(32·units) or, where samples are alike, 1/units of them. */
const OWN_MEAN = 0.01;

/** Pre-activations of each layer: their variance and that of the gradient there, as both of the simulator's engines have it. */
function simulated(spec: NetworkSpec, std = 1) {
  const network = buildNetwork(spec, BATCH);
  const inputs = [{ mean: 0, variance: std ** 2 }];
  const moments = propagateMoments(network, { inputs });
  const finite = simulateFinite(network, { engine: 'dense', seeds: 8, inputs });
  if ('refused' in finite) throw new Error(finite.refused);
  return network.layers
    .filter(({ type }) => type === 'Linear')
    .map(({ output }) => {
      const [forward, backward] = [moments.forward[output], moments.backward[output]];
      if (forward === undefined || 'unknown' in forward || backward === undefined || 'unknown' in backward)
        throw new Error('the moments are not known');
      return { variance: forward.variance, gradient: backward.variance, finite: finite.finite.get(output)! };
    });
}

/** Of a histogram's bins, each taken at its middle. */
function secondMoment({ limit, counts }: LinearHistogram): number {
  const bin = (2 * limit) / counts.length;
  const all = counts.reduce((a, b) => a + b, 0);
  return counts.reduce((sum, n, i) => sum + n * (-limit + (i + 0.5) * bin) ** 2, 0) / all;
}

describe('what the Lab says is what the simulator says', () => {
  it.each(['tanh', 'sigmoid', 'relu'] as const)('variances of pre-activations in their regimes: %s', (activation) => {
    const fanIns = [200, 300, 300, 300];
    const start = 'xavier';
    const units = [...fanIns.slice(1), 300];
    const theirs = simulated({
      inputs: 200,
      layers: units.map((n) => ({ units: n, activation, weight: REGIME_STARTS[start] })),
    });
    const run = runRegimes({ ...REGIMES, activation, start, fanIns }, bench);
    while (!run.isOver) run.step();
    run.frame().layers.forEach(({ variance, measuredVariance, histogram }, l) => {
      const { variance: expected, finite } = theirs[l]!;
      expect(Math.abs(variance / expected - 1)).toBeLessThan(OWN_MEAN);
      // Eight draws there, twenty here.
      expect(Math.abs(measuredVariance / finite.forwardVariance.median - 1)).toBeLessThan(0.2);
      // Forty bins over at least eight standard deviations: Sheppard's correction is below 2 %.
      expect(Math.abs(secondMoment(histogram) / measuredVariance - 1)).toBeLessThan(0.03);
    });
  });

  it.each(['identity', 'tanh', 'relu'] as const)('variances and gradients of the derivation: %s', (activation) => {
    const widths = [100, 300, 200, 100];
    const theirs = simulated(
      {
        inputs: 100,
        layers: widths.slice(1).map((units, l) => ({
          units,
          activation: l < 2 && activation !== 'identity' ? activation : undefined,
          weight: { law: 'lecun_normal' },
        })),
      },
      2,
    );
    const run = runDerivation({ ...DERIVATION, widths, activation, inputStd: 2 }, bench);
    while (!run.isOver) run.step();
    run.frame().layers.forEach(({ expected, expectedGradient, measured, measuredGradient }, l) => {
      const { variance, gradient, finite } = theirs[l]!;
      expect(Math.abs(expected / variance - 1)).toBeLessThan(OWN_MEAN);
      expect(Math.abs(expectedGradient / gradient - 1)).toBeLessThan(OWN_MEAN);
      expect(Math.abs(measured! / finite.forwardVariance.median - 1)).toBeLessThan(0.2);
      expect(Math.abs(measuredGradient! / finite.backwardVariance!.median - 1)).toBeLessThan(0.2);
    });
  });

  it('histograms of the digits’ network have the deviations that stand beside them', () => {
    const file = (name: string): Uint8Array => readFileSync(new URL(`../../../media/digits/${name}`, import.meta.url));
    const run = runDigits(DIGITS, readIdx(file('images.idx3-ubyte'), file('labels.idx1-ubyte')), bench);
    run.step();
    for (const { activations, activationStd, gradients, gradientStd } of run.frame().layers) {
      expect(Math.abs(Math.sqrt(secondMoment(activations)) / activationStd - 1)).toBeLessThan(0.03);
      expect(Math.abs(Math.sqrt(secondMoment(gradients)) / gradientStd - 1)).toBeLessThan(0.05);
    }
  });
});
