import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { esbuildSources } from '../../scripts/lib/sources.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'initscope-cli-'));
const program = path.join(folder, 'cli.js');

interface Output {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: string[]): Output {
  const result = spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8', timeout: 20_000 });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

interface Json {
  readonly entry?: string;
  readonly layers: readonly {
    readonly name: string;
    readonly line?: number;
    readonly forward?: { readonly variance: number };
    readonly backward?: { readonly variance: number };
    readonly recommended?: { readonly std?: number };
  }[];
  readonly parameters: readonly {
    readonly name: string;
    readonly setBy: { readonly what: string; readonly line?: number };
  }[];
  readonly unknown: readonly { readonly reason: string; readonly line?: number }[];
  readonly more?: readonly Json[];
}

function inspect(...args: string[]): Json {
  const { code, out, err } = run('inspect', ...args, '--json');
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out) as Json;
}

function source(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

beforeAll(async () => {
  const common = { bundle: true, target: 'node20', plugins: esbuildSources } as const;
  await Promise.all([
    build({
      ...common,
      entryPoints: [path.join(root, 'src/cli/main.ts')],
      outfile: program,
      platform: 'node',
      format: 'cjs',
    }),
    build({
      ...common,
      entryPoints: [path.join(root, 'src/worker/helper.ts')],
      outfile: path.join(folder, 'helper.js'),
      platform: 'node',
      format: 'cjs',
    }),
    build({
      ...common,
      entryPoints: [path.join(root, 'src/worker/main.ts')],
      outfile: path.join(folder, 'worker.js'),
      platform: 'browser',
      mainFields: ['module', 'main'],
      format: 'iife',
    }),
  ]);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('initscope inspect', () => {
  it('finds the vanishing signal of the default initialization', () => {
    const { layers, entry } = inspect('examples/mlp_default.py', '--engine', 'moments');
    expect(entry).toBe('model');
    const at = (name: string) => layers.find((layer) => layer.name === name);
    expect(at('net.0')?.forward?.variance).toBeCloseTo(0.3332, 2);
    expect(at('net.38')?.forward?.variance).toBeCloseTo(3.97e-4, 5);
    expect((at('net.0')?.backward?.variance ?? 0) / (at('net.38')?.backward?.variance ?? 1) / 6 ** -19).toBeCloseTo(
      1,
      1,
    );
    expect(at('net.2')?.recommended?.std).toBeCloseTo(0.0447, 4);
  });

  it('finds the line that set an init', () => {
    const { parameters } = inspect('examples/mlp_he.py');
    expect(parameters[0]).toMatchObject({ name: 'net.0.weight', setBy: { what: 'kaiming_normal_', line: 30 } });
  });

  it('shows every model of a file, and takes the entry it is told', () => {
    const all = inspect('examples/tanh_sigmoid.py');
    expect([all, ...(all.more ?? [])].map(({ entry }) => entry)).toEqual(['TanhStack()', 'SigmoidStack()']);
    const shallow = inspect(
      'examples/tanh_sigmoid.py',
      '--entry',
      'Stack(nn.Tanh, width=32, depth=2)',
      '--input',
      '1,32',
    );
    expect(shallow.layers).toHaveLength(4);
    expect(shallow.more).toBeUndefined();
  });

  it('reads around a syntax error and says where it is', () => {
    const all = inspect('examples/syntax_error.py');
    expect([all, ...(all.more ?? [])].map(({ entry }) => entry)).toEqual(['Encoder()', 'Decoder()']);
    expect(
      all.unknown.some(
        ({ reason, line }) => reason.startsWith('syntax') && line !== undefined && line > 17 && line < 26,
      ),
    ).toBe(true);
  });

  it('takes neither for ever nor all memory over the hard cases', () => {
    const start = performance.now();
    const all = inspect('examples/hard_cases.py');
    expect(performance.now() - start).toBeLessThan(5_000);
    const entries = [all, ...(all.more ?? [])].map(({ entry }) => entry);
    expect(entries).toContain('UnknownSize()');
    expect(entries).toContain('Gigantic()');
    expect(all.unknown.map(({ reason }) => reason).join('\n')).toMatch(/Endless/);
    expect(all.unknown.map(({ reason }) => reason).join('\n')).toMatch(/missing_package/);
  });

  it('runs a batch at the real widths', () => {
    const { code, out } = run('inspect', 'examples/mlp_default.py', '--engine', 'dense', '--seeds', '2', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out) as {
      engine: string;
      layers: { forward?: { variance: number }; finite?: { seeds: number; forwardVariance: { median: number } } }[];
      parameters: { gradient?: { meanSquare: { median: number } } }[];
    };
    expect(report.engine).toBe('dense');
    const [first] = report.layers;
    expect(first?.finite?.seeds).toBe(2);
    expect(first?.finite?.forwardVariance.median).toBeCloseTo(first?.forward?.variance ?? NaN, 5);
    expect(report.parameters[0]?.gradient?.meanSquare.median).toBeGreaterThan(0);
    expect(run('inspect', 'examples/mlp_default.py', '--engine', 'magic').code).toBe(2);
  });

  it('draws the same networks whichever worker draws them', () => {
    const args = ['examples/mlp_default.py', '--engine', 'sampler', '--seeds', '5', '--first-seed', '7'];
    expect(inspect(...args)).toEqual(inspect(...args));
  });

  it('says what a run at the real widths lacks', () => {
    const { unknown } = inspect('examples/mlp_default.py', '--engine', 'dense', '--memory', '1');
    expect(unknown.at(-1)?.reason).toMatch(/needs at least \d+ MB in all, and 1 MB are allowed.*--memory allows more/);
  });

  it('tries changes', () => {
    const whatIf = JSON.stringify({ init: [{ law: { law: 'he_normal' } }] });
    const { layers } = inspect('examples/mlp_default.py', '--what-if', whatIf, '--input-stats', '0/2');
    expect(layers[0]?.forward?.variance).toBeCloseTo(8, 1);
    const wrong = run('inspect', 'examples/mlp_default.py', '--what-if', '{"width": -1}');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('whatIf.width');
  });

  it('prints a table for people', () => {
    const { code, out } = run('inspect', 'examples/lenet.py');
    expect(code).toBe(0);
    expect(out).toMatch(/^LeNet\(\) {2}\(examples\/lenet\.py:8, 61,706 parameters/);
    expect(out).toMatch(/^conv2 +Conv2d +12 /m);
  });

  it('exits with 1, and still prints JSON, when there is no model', () => {
    const { code, out } = run('inspect', source('empty.py', 'x = 1\n'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ schema: 1, parameters: [], layers: [] });
  });

  it('exits with 2 and the usage when it is called wrongly', () => {
    expect(run('inspect')).toMatchObject({ code: 2, out: '' });
    expect(run('inspect', 'no_such_file.py').err).toMatch(/cannot read 'no_such_file\.py'/);
    expect(run('inspect', 'a.py', '--input', 'x').err).toMatch(/--input: 'x' is not a size/);
    expect(run('--help').out).toMatch(/^Usage: initscope inspect FILE/);
  });

  it('takes arguments from a call in another file', () => {
    const file = source(
      'widths.py',
      'from torch import nn\nclass Wide(nn.Module):\n    def __init__(self, width):\n        super().__init__()\n        self.fc = nn.Linear(width, width)\n    def forward(self, x):\n        return self.fc(x)\n',
    );
    source('train_wide.py', 'import sys\nfrom widths import Wide\nWIDTH = 6\n\ndef main():\n    Wide(WIDTH * 2)\n');
    expect(inspect(file)).toMatchObject({
      entry: 'Wide(WIDTH * 2)',
      entryAt: { line: 6 },
      parameters: [{ shape: [12, 12] }, {}],
    });
    expect(run('inspect', file).out).toMatch(
      /^Wide\(WIDTH \* 2\) {2}\(.*, built as in train_wide\.py line 6, 156 parameters/,
    );
  });

  it('reads imports beside the file', () => {
    source(
      'blocks.py',
      'from torch import nn\n\ndef block(n):\n    return nn.Sequential(nn.Linear(n, n), nn.ReLU())\n',
    );
    const file = source(
      'uses.py',
      'from torch import nn\nfrom blocks import block\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.body = block(8)\n    def forward(self, x):\n        return self.body(x)\n',
    );
    expect(inspect(file).parameters.map(({ name }) => name)).toEqual(['body.0.weight', 'body.0.bias']);
  });
});

describe('initscope check', () => {
  const mistakes = `import torch.nn as nn


class Gain(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 4)
        nn.init.xavier_uniform_(self.fc.weight, gain=nn.init.calculate_gain("gelu"))

    def forward(self, x):
        return self.fc(x)


class Every(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 4)
        for p in self.parameters():
            nn.init.kaiming_normal_(p)

    def forward(self, x):
        return self.fc(x)


class NoBias(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, bias=False)
        nn.init.zeros_(self.conv.bias)

    def forward(self, x):
        return self.conv(x)
`;

  it('names what raises when a model is built', () => {
    const file = source('mistakes.py', mistakes);
    const { code, out } = run('check', file);
    expect(code).toBe(1);
    expect(out).toContain(":8: error IS105: PyTorch has no gain for 'gelu'");
    expect(out).toContain(':19: error IS112: This tensor has fewer than two axes');
    expect(out).toContain(':29: error IS113: What is initialized here is None');
    expect(out).toMatch(/1 file, 3 findings\n$/);
  });

  it('goes through folders and writes JSON and SARIF', () => {
    const { code, out } = run('check', 'examples', '--format', 'json');
    const { files } = JSON.parse(out) as { files: { file: string; findings: Record<string, unknown>[] }[] };
    expect(code).toBe(1);
    expect(files.find((f) => f.file === 'examples/mlp_he.py')?.findings).toEqual([]);
    expect(files.find((f) => f.file === 'examples/mlp_default.py')?.findings).toMatchObject([
      { code: 'IS001', severity: 'warning', column: 7, help: 'docs/rules/IS001.md' },
    ]);
    const sarif = JSON.parse(run('check', 'examples/mlp_default.py', '--format', 'sarif').out) as {
      runs: { results: object[] }[];
    };
    expect(sarif.runs[0]?.results).toMatchObject([{ ruleId: 'IS001', level: 'warning' }]);
  });

  it('leaves out what .gitignore, the project and comments leave out', () => {
    const place = (name: string, text = mistakes): string => source(`repository/${name}`, text);
    place('.git/HEAD', '');
    place('.gitignore', 'generated/\n*_old.py\n');
    place('models/.gitignore', '!kept_old.py\n');
    const toml =
      '[tool.initscope]\nexclude = ["third_party/"]\n[tool.initscope.severity]\nIS112 = "off"\nno-fans = "error"\n';
    place('pyproject.toml', toml);
    const paths = ['net.py', 'models/deep.py', 'models/kept_old.py'].map((name) => place(name));
    ['generated/a.py', 'models/b_old.py', 'third_party/c.py', 'venv/d.py'].forEach((name) => place(name));
    place('meant.py', `# initscope: ignore-file[IS105]\n${mistakes}`);
    const files = (...args: string[]): { file: string; findings: { code: string }[] }[] =>
      (JSON.parse(run('check', ...args, '--format', 'json').out) as { files: never[] }).files;
    const top = path.join(folder, 'repository');
    const checked = files(top);
    expect(checked.map(({ file }) => path.relative(top, file)).sort()).toEqual(
      [...paths.map((file) => path.relative(top, file)), 'meant.py'].sort(),
    );
    const codes = (name: string): string[] | undefined =>
      checked.find(({ file }) => file.endsWith(name))?.findings.map(({ code }) => code);
    expect(codes('net.py')).toEqual(['IS105', 'IS113']);
    expect(codes('meant.py')).toEqual(['IS113']);
    expect(files(path.join(top, 'third_party/c.py'))).toEqual([]);
    expect(files(path.join(top, 'generated/a.py'))).toHaveLength(1);
    expect(files(`${top}/**/*_old.py`).map(({ file }) => path.basename(file))).toEqual(['kept_old.py']);
    expect(run('check', `${top}/*.pyx`).err).toContain('no file or folder');
  });

  it('says what is wrong with a pyproject.toml', () => {
    const file = source('wrong/net.py', mistakes);
    source('wrong/pyproject.toml', '[tool.initscope]\nengine = "fast"\n');
    expect(run('check', file)).toMatchObject({ code: 2, out: '' });
    expect(run('check', file).err).toMatch(/pyproject\.toml: \[tool\.initscope\] engine: "fast" is not one of moments/);
  });

  it('writes no progress where nobody watches', () => {
    expect(run('check', 'examples/mlp_he.py').err).toBe('');
  });

  it('fails on what it is told to fail on', () => {
    expect(run('check', 'examples/mlp_default.py', '--fail-on', 'error').code).toBe(0);
    expect(run('check', 'examples/mlp_default.py', '--fail-on', 'never').code).toBe(0);
    expect(run('check', 'examples/mlp_he.py').code).toBe(0);
    expect(run('check', 'no/such/folder').code).toBe(2);
    expect(run('check', 'examples', '--fail-on', 'doom').err).toContain("'doom' is none of error, warning");
  });
});

/** Old names, a hook that forgets the bias of some, and a choice that nobody can make for the author. */
const fixable = `import torch
import torch.nn as nn
from torch.nn.init import xavier_uniform


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 10)
        xavier_uniform(self.fc1.weight)
        nn.init.trunc_normal_(self.fc2.weight, std=0.1, a=-2, b=2)

    def forward(self, x):
        return torch.softmax(self.fc2(torch.tanh(self.fc1(x))), dim=1)


criterion = nn.CrossEntropyLoss()
`;

describe('initscope check --fix', () => {
  it('makes the edits that need no decision, and lists what is left', () => {
    const file = source('fix/net.py', `\uFEFF${fixable.replaceAll('\n', '\r\n')}`);
    const { code, out, err } = run('check', file, '--fix');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('from torch.nn.init import xavier_uniform_\r\n');
    expect(text).toContain('        xavier_uniform_(self.fc1.weight)\r\n');
    expect(text).toContain('std=0.1, a=-0.2, b=0.2)');
    expect(text.startsWith('\uFEFFimport torch\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(err).toBe('initscope: 2 edits made in 1 file\n');
    // Whoever reads probabilities would be surprised.
    expect(out).toContain('error IS131');
    expect(out).not.toMatch(/IS128|IS136/);
    expect(code).toBe(1);
    expect(run('check', file, '--fix').err).toBe('initscope: 0 edits made in 0 files\n');
  });

  it('shows them as a diff that git applies', () => {
    const file = source('dry/net.py', fixable);
    const { code, out, err } = run('check', file, '--fix', '--dry-run');
    expect(code).toBe(1);
    expect(readFileSync(file, 'utf8')).toBe(fixable);
    expect(err).toBe('initscope: 2 edits would be made in 1 file\n');
    const patch = source('dry/fix.patch', out.replaceAll(file, 'net.py'));
    spawnSync('git', ['apply', patch], { cwd: path.dirname(file) });
    const fixed = readFileSync(file, 'utf8');
    expect(fixed).toContain('a=-0.2, b=0.2');
    expect(run('check', file, '--fix', '--dry-run')).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(file, 'utf8')).toBe(fixed);
  });

  it('leaves alone what can not be written back as it was, and says what goes together', () => {
    const notebook = JSON.stringify({
      cells: [{ cell_type: 'code', metadata: {}, source: fixable, outputs: [], execution_count: null }],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    });
    const file = source('fix/net.ipynb', notebook);
    expect(run('check', file, '--fix').out).toContain('IS136');
    expect(readFileSync(file, 'utf8')).toBe(notebook);
    expect(run('check', file, '--dry-run')).toMatchObject({ code: 2 });
  });
});
