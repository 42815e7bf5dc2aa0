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
      batch: 16,
      roots: ['lib'],
      json: true,
    });
  });

  it('leaves out what was not given', () => {
    expect(parseCommand(['inspect', 'net.py'])).toEqual({ kind: 'inspect', file: 'net.py', roots: [], json: false });
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
