import { describe, expect, it } from 'vitest';
import { readFile } from '../../../../src/core/read/read-file.js';

function nodesOf(forward: string) {
  const text = `
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def forward(self, x):
        return ${forward}
`;
  const { models } = readFile({ file: 'm.py', text, input: [[2, 3, 8, 8]] }, { read: () => null, roots: [] });
  return models[0]?.graph.nodes.map((n) => n.operation) ?? [];
}

describe('nodes of the graph', () => {
  it.each([
    ['x[:, [-1], :]', [{ axis: 1, start: 2, length: 1, step: 1 }]],
    ['x[:, :, [1, 3, 5]]', [{ axis: 2, start: 1, length: 3, step: 2 }]],
    [
      'x[:, 1:, [4, 5]]',
      [
        { axis: 1, start: 1, length: 2, step: 1 },
        { axis: 2, start: 4, length: 2, step: 1 },
      ],
    ],
  ])('%s is a box', (forward, slices) => {
    expect(nodesOf(forward)).toContainEqual({ kind: 'select', slices });
  });

  it.each(['x[:, [2, 0]]', 'x[:, [0, 0]]', 'x[:, [0, 1], [0, 1]]', 'x[:, :, [0, 1, 3]]'])('%s is none', (forward) => {
    const selects = nodesOf(forward).filter((o) => o.kind === 'select');
    expect(selects.map((o) => o.slices)).toEqual([undefined]);
  });

  it('of a resize say how corners are aligned', () => {
    expect(nodesOf("F.interpolate(x, scale_factor=2, mode='bilinear', align_corners=True)")).toContainEqual({
      kind: 'resize',
      mode: 'bilinear',
      output: [16, 16],
      alignCorners: true,
    });
  });
});
