import { describe, expect, it } from 'vitest';
import { Generator } from '../../../src/core/frameworks/torch/generator.js';
import { normal } from '../../../src/core/initializers/index.js';

describe('draws of the default generator', () => {
  const unit = normal(0, 1);

  it('come out alike at the same place after the same seed', () => {
    const g = new Generator();
    const draws = [0, 0, 1].map((seed) => {
      g.reseed(seed, undefined);
      return [g.draw(unit, 12).source, g.draw(unit, 12).source];
    });
    expect(draws[1]).toEqual(draws[0]);
    expect(draws[0]![0]).not.toBe(draws[0]![1]);
    expect(draws[2]![0]).not.toBe(draws[0]![0]);
  });

  it('differ where their size does, and from there on', () => {
    const g = new Generator();
    g.reseed(0, undefined);
    const [a, b] = [g.draw(unit, 12), g.draw(unit, 6)];
    g.reseed(0, undefined);
    expect(g.draw(unit, 10).source).not.toBe(a.source);
    expect(g.draw(unit, 6).source).not.toBe(b.source);
  });

  it('are each their own without a seed, with an unknown one, and after a draw of unknown size', () => {
    const g = new Generator();
    const first = g.draw(unit, 4);
    expect(first.by).toBeUndefined();
    g.reseed(undefined, undefined);
    expect(g.draw(unit, 4).source).not.toBe(first.source);
    g.reseed(3, undefined);
    expect(g.draw(unit, 4).by).toBe('seed');
    g.draw(unit, undefined);
    expect(g.draw(unit, 4).by).toBeUndefined();
  });
});
