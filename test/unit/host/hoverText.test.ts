import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../../src/core/inspect.js';
import { hoverText, type Links } from '../../../src/host/hoverText.js';
import { findAt } from '../../../src/protocol/atOffset.js';
import { mlpFile, mlpInspection, mlpText, rangeOf } from '../../fixtures/mlp.js';

const links: Links = {
  line: ({ line }) => `[line ${line}](#)`,
  inspect: ({ className }) => `[Inspect ${className}](#)`,
  setSizes: (entry) => `[set sizes of ${entry}]`,
};

function hover(inspection: Inspection, text: string): string | undefined {
  const hit = findAt(inspection, mlpFile, mlpText.indexOf(text) + 2);
  return hit && hoverText(hit, links);
}

describe('hover on a layer made in a loop', () => {
  const text = hover(mlpInspection(), 'nn.Linear(') ?? '';

  it('names all layers that stand there', () => {
    expect(text).toContain('**Linear** — 20 layers here: `net.0` … `net.38`');
  });

  it('gives fans, distribution, σ and who set it', () => {
    expect(text).toContain('weight 1000×1000 · fan-in 1,000 · fan-out 1,000');
    expect(text).toMatch(/weight.*U\(±0\.0316\).*0\.0183.*PyTorch default/);
    expect(text).toMatch(/bias.*U\(±0\.0316\).*0\.0183.*PyTorch default/);
  });

  it('gives the gain and the variance from first to last', () => {
    expect(text).toContain('Var(W) = **0.333**');
    expect(text).toContain('variance out 0.334 → 4.00×10⁻⁴ · gradient variance 8.21×10⁻¹⁶ → 0.500 (first → last)');
  });

  it('recommends with σ and a reason', () => {
    expect(text).toContain('**Recommended: He normal, σ = 0.0447** — ReLU feeds this layer');
    expect(text).toContain('2 / fan_in');
  });

  it('leads into the panel', () => {
    expect(text).toContain('[Inspect Net](#)');
  });
});

describe('hover elsewhere', () => {
  it('speaks of the whole model on its name', () => {
    expect(hover(mlpInspection(), 'Net(nn')).toMatch(
      /`Net\(\)` · 40 steps · input \(64, 1000\) · \[Inspect Net\]\(#\)\n\nSignal falls/,
    );
  });

  it('names who set an init, with the line', () => {
    const inspection = mlpInspection();
    const setBy = { what: 'kaiming_normal_', range: rangeOf(mlpText, 'super()') };
    const reports = inspection.reports.map((report) => ({
      ...report,
      parameters: report.parameters.map((p) => ({ ...p, setBy })),
    }));
    expect(hover({ ...inspection, reports }, 'nn.Linear(')).toContain('`kaiming_normal_`, [line 5](#)');
  });

  it('says why a size is not known, and recommends in symbols', () => {
    const inspection = mlpInspection();
    const unknown = [
      { reason: 'hidden comes from config, which is not in the workspace', range: rangeOf(mlpText, '1000, 1000') },
    ];
    const reports = inspection.reports.map((report) => ({
      ...report,
      unknown,
      parameters: report.parameters.map(({ fanIn: _, ...p }) => ({ ...p, shape: ['hidden', 1000] })),
      layers: report.layers.map((layer) => ({
        ...layer,
        ...(layer.recommended && {
          recommended: {
            init: 'he_normal',
            symbolic: '√(2/fan_in), fan_in = hidden',
            satisfied: false,
            why: 'ReLU feeds it.',
          },
        }),
      })),
    }));
    const text = hover({ ...inspection, reports }, 'nn.Linear(') ?? '';
    expect(text).toContain('σ = √(2/fan_in), fan_in = hidden');
    expect(text).toContain('**Not known:** hidden comes from config, which is not in the workspace ([line 6](#))');
  });

  it('has words for a model that cannot be built, and for a syntax problem', () => {
    const range = rangeOf(mlpText, 'Net');
    const failed = [{ entry: 'Net()', className: 'Net', definedAt: range, reason: 'it builds itself *inside* itself' }];
    expect(hover({ ...mlpInspection(), reports: [], failed }, 'Net(nn')).toBe(
      '**InitScope** could not build `Net()`: it builds itself \\*inside\\* itself · [set sizes of Net()]',
    );
    const syntaxProblems = [{ message: "'(' was never closed", range: rangeOf(mlpText, 'super().__init__()') }];
    expect(hover({ ...mlpInspection(), syntaxProblems }, 'super()')).toMatch(
      /could not read these lines: '\(' was never closed/,
    );
  });

  it('is silent where there is nothing', () => {
    expect(hover(mlpInspection(), 'def forward')).toBeUndefined();
  });
});
