import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/core/model/index.js';
import { verdict } from '../../../src/protocol/verdict.js';
import { mlpInspection } from '../../fixtures/mlp.js';

function reportOf(size: Parameters<typeof mlpInspection>[0]): Report {
  const [report] = mlpInspection(size).reports;
  if (report === undefined) throw new Error('no report');
  return report;
}

describe('verdict', () => {
  it('says how far the signal falls and how fast the gradient', () => {
    const { tone, text, remedy } = verdict(reportOf({}));
    expect(tone).toBe('bad');
    expect(text).toBe(
      'Signal falls to 4.0×10⁻⁴ of the input’s by layer 20 (net.38); gradient falls 6.0× a layer (×1.6×10⁻¹⁵ from last layer to first).',
    );
    expect(remedy).toMatch(/^With the recommended inits: signal ×2\.00/);
  });

  it('is content with He initialization, and recommends nothing', () => {
    const { tone, text, remedy } = verdict(reportOf({ weightVariance: 2 / 1000 }));
    expect(tone).toBe('good');
    expect(text).toMatch(/^Signal holds at 2\.0. times the input’s by layer 20 .*; gradient holds/);
    expect(remedy).toBeUndefined();
  });

  it('speaks of growth where weights are too large', () => {
    expect(verdict(reportOf({ weightVariance: 1 })).text).toMatch(
      /Signal grows to .*gradient grows 5\.0×10² *× a layer|Signal grows to .*gradient grows 500× a layer/,
    );
  });

  it('speaks of no layer count where there are only a few', () => {
    expect(verdict(reportOf({ depth: 3 })).text).not.toMatch(/a layer/);
  });

  it('admits that it does not know', () => {
    const report = reportOf({});
    expect(verdict({ ...report, layers: [] })).toEqual({
      tone: 'unknown',
      text: 'The forward pass could not be followed.',
    });
    const dark = report.layers.map(({ forward: _f, backward: _b, ...layer }) => layer);
    expect(verdict({ ...report, layers: dark }).tone).toBe('unknown');
  });
});
