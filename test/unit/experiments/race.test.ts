import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { misfit, shapeOf } from '../../../src/core/experiments/data/fitted.js';
import { modelLanes } from '../../../src/core/experiments/lab/lanes.js';
import { readIdx } from '../../../src/core/experiments/data/idx.js';
import { RACE, runRace, type Lanes, type RaceLane } from '../../../src/core/experiments/lab/race.js';
import { buildNetwork } from '../../../src/core/experiments/training/network.js';
import { inspect } from '../../../src/core/inspect.js';
import { readFile } from '../../../src/core/read/read-file.js';
import type { Band, InitLaw } from '../../../src/core/model/index.js';
import { createKernels } from '../../../src/core/propagation/kernels/index.js';

const fast = createKernels({ limit: 2 ** 28 });
const bench = { exact: fast, fast };
const file = (name: string): Uint8Array => readFileSync(new URL(`../../../media/digits/${name}`, import.meta.url));
const images = readIdx(file('images.idx3-ubyte'), file('labels.idx1-ubyte'));

function lane(name: string, weight: InitLaw, inputs: number, widths: readonly number[], batch = 32): RaceLane {
  const layers = widths.map((units, l) => ({
    units,
    activation: l < widths.length - 1 ? 'relu' : undefined,
    weight,
  }));
  return { name, model: buildNetwork({ inputs, layers }, batch) };
}

function racing(...lanes: RaceLane[]): Lanes {
  return { lanes, leftOut: [] };
}

function modelOf(text: string) {
  const { models } = readFile({ file: '/w/m.py', text }, { read: () => null, roots: ['/w'] });
  return models[0]!;
}

const CNN = `
import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.head = nn.Linear(256, 10)
    def forward(self, x):
        return self.head(self.features(x))
# initscope: input=32,1,16,16
`;

describe('a race', () => {
  it('of a deep rectifier network: He learns, PyTorch’s sixth does not', { timeout: 60_000 }, () => {
    const widths = [...Array.from({ length: 12 }, () => 64), 10];
    const race = runRace(
      { ...RACE, data: 'digits', learningRate: 0.05, seeds: 2 },
      racing(
        lane('He', { law: 'he_normal' }, 64, widths),
        lane('default', { law: 'lecun_uniform', gain: 1 / Math.sqrt(3) }, 64, widths),
      ),
      images,
      bench,
    );
    for (let i = 0; i < 150; i++) race.step();
    const { lanes, chance, step } = race.frame();
    const [he, byDefault] = lanes;
    expect(step).toBe(150);
    expect(chance).toBeCloseTo(Math.log(10), 12);
    // One batch is a poor witness, and machines differ in the last bits: the mean of twenty steps.
    const loss = (losses: readonly Band[]): number => losses.slice(-20).reduce((sum, b) => sum + b.median / 20, 0);
    expect(loss(he!.losses)).toBeLessThan(1);
    expect(loss(byDefault!.losses)).toBeGreaterThan(2);
    for (const { low, median, high } of he!.losses) {
      expect(low).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(high);
    }
  });

  it('on a model that was read from a file, convolutions and norms included', () => {
    const race = runRace(
      { ...RACE, data: 'digits', learningRate: 0.1, momentum: 0.9, seeds: 1 },
      racing({ name: 'current', model: modelOf(CNN) }),
      images,
      bench,
    );
    const first = (race.step(), race.frame().lanes[0]!.losses[0]!.median);
    for (let i = 0; i < 100; i++) race.step();
    const last = race.frame().lanes[0]!.losses.slice(-10);
    expect(last.reduce((sum, b) => sum + b.median / 10, 0)).toBeLessThan(0.7 * first);
    expect(kernelsLeft()).toBe(0);
  });

  it('leaves out starts that a model can’t take, and says which and why', () => {
    const text =
      'import torch.nn as nn\nmodel = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))\n# initscope: input=8,6';
    const model = modelOf(text);
    const blank = {
      ...model,
      parameters: model.parameters.map((p) => ({ ...p, fanIn: undefined, fanOut: undefined })),
    };
    const lanes = modelLanes(blank, ['current', 'he', 'orthogonal']);
    expect(lanes.lanes.map(({ name }) => name)).toEqual(['current', 'orthogonal']);
    expect(lanes.leftOut.map(({ name }) => name)).toEqual(['he']);
    expect(runRace(RACE, lanes, undefined, bench).frame().leftOut).toEqual(lanes.leftOut);
    expect(() => runRace(RACE, { ...lanes, lanes: [] }, undefined, bench)).toThrow(/nothing to race; he: .*fans/);
  });

  it('tells what diverges', () => {
    const race = runRace(
      { ...RACE, data: 'spiral' },
      racing(lane('huge', { law: 'normal', std: 1e19 }, 2, [8, 8, 2])),
      undefined,
      bench,
    );
    race.step();
    expect(race.frame().lanes[0]).toMatchObject({ diverged: 3, error: 1 });
    expect(JSON.stringify(race.frame())).not.toContain('null');
  });

  it.each([
    [
      'two inputs',
      'class Net(nn.Module):\n  def __init__(self):\n    super().__init__()\n    self.f = nn.Bilinear(4, 4, 2)\n  def forward(self, a, b): return self.f(a, b)\n# initscope: input=8,4;8,4',
      'more than one input',
    ],
    [
      'tokens',
      'class Net(nn.Module):\n  def __init__(self):\n    super().__init__()\n    self.e = nn.Embedding(9, 4)\n  def forward(self, x): return self.e(x).mean(1)\n# initscope: input=8,4',
      'whole numbers',
    ],
    [
      'a map for each image',
      'class Net(nn.Module):\n  def __init__(self):\n    super().__init__()\n    self.c = nn.Conv2d(1, 2, 3)\n  def forward(self, x): return self.c(x)\n# initscope: input=8,1,9,9',
      'one row of numbers',
    ],
  ])('refuses what has %s', (_, text, reason) => {
    const model = modelOf(`import torch.nn as nn\n${text}`);
    expect(
      inspect({ file: '/w/m.py', text: `import torch.nn as nn\n${text}` }, { read: () => null, roots: ['/w'] }).failed,
    ).toEqual([]);
    const shape = shapeOf(model.graph);
    expect('refused' in shape ? shape.refused : '').toContain(reason);
    expect(() => runRace(RACE, racing({ name: 'a', model }), undefined, bench)).toThrow(reason);
  });

  it('refuses what would not fit into memory, and says what to do', () => {
    const wide = lane('wide', { law: 'he_normal' }, 64, [2000, 2000, 2000, 2000, 10], 1);
    expect(() => runRace({ ...RACE, seeds: 5 }, racing(wide), undefined, bench)).toThrow(
      /61 million weights.*fewer starts/,
    );
  });

  it('knows which data fit', () => {
    expect(misfit('spiral', { input: [3], outputs: 2 })).toContain('2 inputs');
    expect(misfit('digits', { input: [3, 32, 32], outputs: 10 })).toBeUndefined();
    expect(misfit('digits', { input: [784], outputs: 10 })).toBeUndefined();
    expect(misfit('digits', { input: [100, 7], outputs: 10 })).toContain('no image');
    expect(misfit('digits', { input: [784], outputs: 4 })).toContain('10 digits');
    expect(misfit('teacher', { input: [5], outputs: 3 })).toBeUndefined();
  });
});

function kernelsLeft(): number {
  return fast.bytes.used;
}
