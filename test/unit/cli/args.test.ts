import { describe, expect, it } from 'vitest';
import { parseCommand, parseShapes, UsageError } from '../../../src/cli/args.js';

describe('parseCommand', () => {
  it('reads every option of inspect', () => {
    const argv = [
      'inspect',
      'net.py',
      '--entry',
      'Net(3)',
      '--setup',
      'w = 4',
      '--input',
      '1,3,32,32',
      '--batch',
      '16',
      '--engine',
      'sampler',
      '--seeds',
      '8',
      '--first-seed',
      '3',
      '--memory',
      '100',
      '--eval',
      '--input-stats',
      '0.5/2,onehot,tokens/50',
      '--what-if',
      '{"inputScale": 2}',
      '--root',
      'lib',
      '--json',
    ];
    expect(parseCommand(argv)).toEqual({
      kind: 'inspect',
      file: 'net.py',
      entry: 'Net(3)',
      setup: 'w = 4',
      input: [[1, 3, 32, 32]],
      settings: {
        batch: 16,
        engine: 'sampler',
        seeds: 8,
        firstSeed: 3,
        memoryLimit: 100 * 2 ** 20,
        training: false,
        inputs: [{ mean: 0.5, variance: 4 }, { oneHot: true }, { tokens: 50 }],
        whatIf: { inputScale: 2 },
      },
      config: { batch: 16, engine: 'sampler', seeds: 8 },
      roots: ['lib'],
      json: true,
    });
  });

  it('leaves out what was not given', () => {
    expect(parseCommand(['inspect', 'net.py'])).toEqual({
      kind: 'inspect',
      file: 'net.py',
      settings: {},
      config: {},
      roots: [],
      json: false,
    });
  });

  it.each([
    [[]],
    [['inspect']],
    [['frobnicate', 'a.py']],
    [['inspect', 'a.py', 'b.py']],
    [['inspect', 'a.py', '--colour']],
    [['inspect', 'a.py', '--batch', '0']],
  ])('refuses %j', (argv) => {
    expect(() => parseCommand(argv)).toThrow(UsageError);
  });
});

describe('parseShapes', () => {
  it('reads one shape or several', () => {
    expect(parseShapes('1,3,224,224')).toEqual([[1, 3, 224, 224]]);
    expect(parseShapes('1,16; (4, 8)')).toEqual([
      [1, 16],
      [4, 8],
    ]);
    expect(parseShapes('(5,)')).toEqual([[5]]);
  });

  it('refuses what is not a size', () => {
    expect(() => parseShapes('1,x')).toThrow(/'x' is not a size/);
    expect(() => parseShapes('1,-1')).toThrow(UsageError);
  });
});
