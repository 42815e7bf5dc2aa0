import { describe, expect, it } from 'vitest';
import { withTorchState } from '../../../../src/core/frameworks/torch/context.js';
import { entries } from '../../../../src/core/frameworks/torch/ops/kit/entries.js';
import { Tensor } from '../../../../src/core/frameworks/torch/tensor.js';
import { runTorch } from './support.js';

/** The entries of `w` after the program. */
function entriesAfter(program: string): readonly number[] | null {
  const { state, module } = runTorch(program);
  const w = module.names.get('w');
  if (!(w instanceof Tensor)) throw new Error('w is no tensor');
  return withTorchState(state, () => entries(w));
}

const TABLE = `
position = torch.arange(5000, dtype=torch.float).unsqueeze(1)
frequency = torch.exp(torch.arange(0, 64, 2).float() * (-math.log(10000.0) / 64))
table = torch.zeros(5000, 64)
table[:, 0::2] = torch.sin(position * frequency)
table[:, 1::2] = torch.cos(position * frequency)
`;

function position(place: number, feature: number): number {
  const angle = place * Math.exp((feature - (feature % 2)) * (-Math.log(10000) / 64));
  return feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
}

function table(places: readonly number[], features: readonly number[]): number[] {
  return places.flatMap((place) => features.map((feature) => position(place, feature)));
}

function expectClose(found: readonly number[] | null, expected: readonly number[]): void {
  expect(found?.length).toBe(expected.length);
  found?.forEach((v, i) => {
    expect(v).toBeCloseTo(expected[i]!, 9);
  });
}

const all = Array.from({ length: 64 }, (_, i) => i);

describe('entries of tensors too large to keep', () => {
  it.each([
    ['the first rows', 'table[:3]', [0, 1, 2], all],
    ['turned into another layout', 'table.unsqueeze(0).transpose(0, 1)[4998:, :]', [4998, 4999], all],
    ['some columns', 'table[7:9, 10:20:5]', [7, 8], [10, 15]],
    ['one row', 'table[11]', [11], all],
    ['rows by number', 'table[torch.tensor([3, 1])]', [3, 1], all],
    ['of a joined table', 'torch.cat((table, table), dim=0)[5001:5003]', [1, 2], all],
    ['of a copy', 'table.clone()[2:3].view(8, 8)', [2], all],
  ])('are computed where they are asked for: %s', (_, expression, places, features) => {
    expectClose(entriesAfter(`${TABLE}\nw = ${expression}`), table(places, features));
  });

  it('stay what they were when what they were made of is written to', () => {
    const program = `${TABLE}\nw = (table * 2)[:1]\ntable[:] = 0`;
    expectClose(
      entriesAfter(program),
      table([0], all).map((v) => 2 * v),
    );
    expect(entriesAfter(`${TABLE}\ntable[:] = 0\nw = table[:1]`)).toEqual(all.map(() => 0));
  });

  it('a part written later is seen', () => {
    expect(entriesAfter(`${TABLE}\ntable[1:3, :2] = 7\nw = table[2, :2]`)).toEqual([7, 7]);
    expectClose(entriesAfter(`${TABLE}\ntable[1:3, :2] = 7\nw = table[2:4, 2:4]`), table([2, 3], [2, 3]));
  });

  it('all of them are not listed', () => {
    expect(entriesAfter(`${TABLE}\nw = table`)).toBeNull();
  });

  it('are given up after a loop that writes them one by one', () => {
    expect(entriesAfter('w = torch.zeros(200, 200)\nfor i in range(200):\n    w[i, i] = i\nw = w[:2]')).toBeNull();
    expectClose(entriesAfter('w = torch.zeros(200, 200)\nfor i in range(20):\n    w[i, 1] = i\nw = w[3:5, 1]'), [3, 4]);
  });

  it('a logarithm of zero is -inf', () => {
    expect(entriesAfter('w = torch.log(torch.tril(torch.ones(2, 2)))')).toEqual([0, -Infinity, 0, 0]);
  });
});
