import { describe, expect, it } from 'vitest';
import {
  checkValues,
  defaultConfig,
  isExcluded,
  mergeConfig,
  pyprojectsOf,
  readPyproject,
} from '../../../src/core/config/index.js';

describe('pyproject.toml', () => {
  it('is read in kebab case', () => {
    const text = `
[project]
name = "x"

[tool.initscope]
engine = "sampler"
seeds = 2
batch = 16
exclude = ["third_party/", "*_pb2.py"]

[tool.initscope.severity]
IS101 = "error"
he-for-gelu = "off"

[tool.initscope.thresholds]
gradient-decades = 6
`;
    expect(readPyproject(text)).toEqual({
      part: {
        engine: 'sampler',
        seeds: 2,
        batch: 16,
        exclude: ['third_party/', '*_pb2.py'],
        severity: { IS101: 'error', 'he-for-gelu': 'off' },
        thresholds: { gradientDecades: 6 },
      },
      problems: [],
    });
  });

  it('without our table says nothing', () => {
    expect(readPyproject('[tool.ruff]\nline-length = 100\n')).toBeUndefined();
    expect(readPyproject('[project]\nname = "initscope"\n')).toBeUndefined();
  });

  it('with wrong values keeps the right ones, and has a word for each', () => {
    const read = readPyproject(
      '[tool.initscope]\nseeds = 0\nbatch = 4\nsead = 1\nseverity = "off"\n[tool.initscope.thresholds]\ngradient-decades = "six"\nx = 1\n',
    );
    expect(read?.part).toEqual({ batch: 4, thresholds: {} });
    expect(read?.problems).toEqual([
      'seeds: 0 is not a whole number from 1 to 64',
      'sead: there is no such setting',
      'severity: "off" is not a table',
      'thresholds.gradient-decades: "six" is not a number of powers of ten, from 1 to 300',
      'thresholds.x: there is no such setting',
    ]);
  });

  it('that is no TOML names the line', () => {
    expect(readPyproject('[tool.initscope]\nseeds = \n')?.problems[0]).toMatch(/^line 2: /);
  });

  it('is looked for from the file upwards', () => {
    expect(pyprojectsOf('/a/b/net.py')).toEqual(['/a/b/pyproject.toml', '/a/pyproject.toml', '/pyproject.toml']);
  });
});

describe('values', () => {
  it('of a severity are one of five', () => {
    const { part, problems } = checkValues({ severity: { IS101: 'loud', IS102: 'hint', 'Nonsense!': 'off' } });
    expect(part).toEqual({ severity: { IS102: 'hint' } });
    expect(problems).toEqual([
      'severity.IS101: "loud" is not one of off, hint, info, warning, error',
      'severity.Nonsense!: there is no such setting',
    ]);
  });

  it('of the first place win, rule by rule', () => {
    const merged = mergeConfig(
      { severity: { IS101: 'off' }, seeds: 2 },
      { severity: { IS101: 'error', IS102: 'hint' }, seeds: 8, thresholds: { signalDecades: 3 } },
    );
    expect(merged).toEqual({
      ...defaultConfig,
      seeds: 2,
      severity: { IS101: 'off', IS102: 'hint' },
      thresholds: { gradientDecades: 10, signalDecades: 3 },
    });
  });
});

describe('exclude', () => {
  it.each([
    ['/p/third_party/net.py', true],
    ['/p/src/third_party/deep/net.py', true],
    ['/p/src/keep.py', false],
    ['/p/src/gen_pb2.py', true],
    ['/p/src/keep_pb2.py', false],
    ['/elsewhere/third_party/net.py', false],
  ])('%s: %s', (file, left) => {
    expect(isExcluded(file, '/p', ['third_party/', '*_pb2.py', '!keep_pb2.py'])).toBe(left);
  });
});
