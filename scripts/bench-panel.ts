import { inspectModels } from '../src/core/inspect.js';
import type { Report, SignalValues, SimulationSettings } from '../src/core/model/index.js';
import { signalValues } from '../src/core/propagation/layer-values.js';

/** A network of 250 layers with weights and 250 activations in five stages, and what moments say of it. */
const text = `from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a = nn.Linear(width, width)
        self.act1 = nn.ReLU()
        self.b = nn.Linear(width, width)
        self.act2 = nn.ReLU()

    def forward(self, x):
        return self.act2(self.b(self.act1(self.a(x))))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stages = nn.ModuleList([nn.Sequential(*[Block(64) for _ in range(25)]) for _ in range(5)])

    def forward(self, x):
        for stage in self.stages:
            x = stage(x)
        return x


model = Net()
# initscope: entry=model input=8,64
`;

const workspace = { read: () => null, roots: ['/w'] };
const found = inspectModels({ file: '/w/net.py', text, isAwaited: true }, workspace);

export const report: Report | undefined = found.inspection.reports[0];

export function valuesOf(settings: SimulationSettings): SignalValues | undefined {
  const [model] = found.models;
  return model && signalValues(model, settings);
}
