import { describe, expect, it } from 'vitest';
import { inspect } from '../../../src/core/inspect.js';
import { inspectionToJson } from '../../../src/protocol/json.js';
import { inspectionToText } from '../../../src/cli/text.js';
import { mlpInspection, mlpText, rangeOf } from '../../fixtures/mlp.js';

describe('JSON', () => {
  const json: unknown = JSON.parse(JSON.stringify(inspectionToJson(mlpInspection(), 'mlp.py')));

  it('has the documented fields', () => {
    expect(json).toMatchObject({
      schema: 1,
      file: 'mlp.py',
      framework: 'torch',
      entry: 'Net()',
      input: [64, 1000],
      unknown: [],
      findings: [],
    });
    expect(json).toHaveProperty('parameters.0', {
      name: 'net.0.weight',
      shape: [1000, 1000],
      fanIn: 1000,
      fanOut: 1000,
      distribution: { kind: 'uniform', mean: 0, std: Math.sqrt(1 / 3000) },
      setBy: { what: 'default' },
      declaredAt: 6,
    });
    expect(json).toMatchObject({
      layers: {
        0: { name: 'net.0', type: 'Linear', line: 6, outputShape: [64, 1000], recommended: { init: 'he_normal' } },
      },
    });
  });

  it('numbers the further calls of a module', () => {
    const inspection = mlpInspection();
    const reports = inspection.reports.map((r) => ({ ...r, layers: [r.layers[0]!, r.layers[0]!] }));
    expect(inspectionToJson({ ...inspection, reports }, 'a.py')).toMatchObject({
      layers: [{ name: 'net.0' }, { name: 'net.0#2' }],
    });
  });

  it('reports a mixture under its largest part', () => {
    const inspection = mlpInspection();
    const distribution = {
      kind: 'mixture',
      mean: 0,
      std: 0.9,
      parts: [
        { fraction: 0.1, distribution: { kind: 'constant', mean: 0, std: 0 } },
        { fraction: 0.9, distribution: { kind: 'normal', mean: 0, std: 1 } },
      ],
    } as const;
    const reports = inspection.reports.map((r) => ({
      ...r,
      parameters: r.parameters.map((p) => ({ ...p, distribution })),
    }));
    expect(inspectionToJson({ ...inspection, reports }, 'a.py')).toHaveProperty('parameters.0.distribution', {
      kind: 'normal',
      mean: 0,
      std: 0.9,
    });
  });

  it('is complete, with reasons, when nothing could be built', () => {
    const failed = [{ entry: 'Net()', className: 'Net', definedAt: rangeOf(mlpText, 'Net'), reason: 'it never ends' }];
    expect(inspectionToJson({ ...mlpInspection(), reports: [], failed }, 'a.py')).toEqual({
      schema: 1,
      file: 'a.py',
      parameters: [],
      layers: [],
      unknown: [{ line: 3, reason: 'Net(): it never ends' }],
      findings: [],
    });
  });
});

describe('places in other files', () => {
  const text = 'from blocks import make\nfrom nowhere import x\nmodel = make()\n';
  const blocks = 'import torch.nn as nn\nimport lost\n\ndef make():\n    return nn.Sequential(nn.Linear(3, 4))\n';
  const inspection = inspect(
    { file: '/w/app/net.py', text, entry: 'model' },
    { read: (path) => (path === '/w/app/blocks.py' ? blocks : null), roots: ['/w/app'] },
  );

  it('have their name in the text, as seen from where it was called', () => {
    const shown = inspectionToText(inspection, 'net.py');
    expect(shown).toMatch(/^0 +Linear +blocks\.py:5 /m);
    expect(shown).toContain("net.py:2: the module 'nowhere' is not in the workspace");
    expect(shown).toContain("blocks.py:2: the module 'lost' is not in the workspace");
    expect(inspectionToText(inspection, 'app/net.py')).toContain('\napp/blocks.py:2: ');
    expect(inspectionToText(inspection, '../net.py')).toContain('\n/w/app/blocks.py:2: ');
  });

  it('have it in JSON as well', () => {
    expect(JSON.parse(JSON.stringify(inspectionToJson(inspection, 'net.py')))).toMatchObject({
      layers: [{ name: '0', line: 5, file: '/w/app/blocks.py' }],
      unknown: [{ line: 2, file: '/w/app/blocks.py' }, { line: 2 }],
    });
  });
});

describe('text', () => {
  it('shows verdict and table, aligned', () => {
    const lines = inspectionToText(mlpInspection({ depth: 2 }), 'mlp.py').split('\n');
    expect(lines[0]).toBe('Net()  (mlp.py:3, 2,002,000 parameters, input (64, 1000))');
    const header = lines.findIndex((line) => line.startsWith('layer '));
    const column = lines[header]?.indexOf('recommended') ?? -1;
    expect(lines[header + 1]?.slice(column)).toBe('He normal, std 0.0447');
    expect(lines[header + 1]).toContain('U(+-0.0316) PyTorch default');
  });

  it('says so when there is nothing', () => {
    expect(inspectionToText({ ...mlpInspection(), reports: [] }, 'empty.py')).toBe('empty.py: no model found\n');
  });
});
