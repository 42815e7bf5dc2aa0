import { parseArgs } from 'node:util';
import { engines, type ConfigPart } from '../core/config/index.js';
import type { InputStatistics, Severity, SimulationSettings } from '../core/model/index.js';
import { parseSimulationSettings } from '../protocol/simulation.js';
import { messageOf } from '../protocol/messageOf.js';

/** From the worst down. */
export const severities: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

export interface InspectOptions {
  readonly file: string;
  readonly entry?: string;
  readonly setup?: string;
  readonly input?: readonly (readonly number[])[];
  readonly settings: SimulationSettings;
  /** What of the settings goes before the project's own. */
  readonly config: ConfigPart;
  readonly roots: readonly string[];
  readonly json: boolean;
}

export const formats = ['text', 'json', 'sarif'] as const;

export interface CheckOptions {
  readonly paths: readonly string[];
  readonly format: (typeof formats)[number];
  /** Findings of this severity, and worse, make the command fail. */
  readonly failOn: Severity | 'never';
  /** Write what fixes findings without a choice, or show it. */
  readonly fix?: 'write' | 'show' | undefined;
  /** What goes before the project's own. */
  readonly config: ConfigPart;
  readonly roots: readonly string[];
}

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | ({ readonly kind: 'inspect' } & InspectOptions)
  | ({ readonly kind: 'check' } & CheckOptions);

/** What the user typed cannot be understood; the message says why. */
export class UsageError extends Error {}

export const usage = `Usage: initscope inspect FILE [options]
       initscope check PATH... [options]

inspect shows how signals and gradients pass through the models of a Python
file at initialization. check lists what is wrong with the initializations in
files and folders. Both read the source; neither runs Python.

Options of inspect:
  --entry EXPR        expression that builds the model, such as "Net(width=64)"
                      (default: every model of the file)
  --setup STATEMENTS  Python statements to run before the entry
  --input SHAPE       shape of the input, such as 1,3,224,224; several inputs
                      are separated by ";" (default: found in the file)
  --batch N           batch size that replaces a leading 1 (default: 8)
  --engine NAME       auto (default): mean-field theory and a few
                      seconds of draws at the real widths; moments: theory
                      alone, at once; dense, sampler: draws alone
  --seeds N           networks that dense and sampler draw (default: 4)
  --first-seed N      number of the first of them (default: 1)
  --memory MB         what dense and sampler may take, each of up to four
                      workers (default: 400)
  --eval              as after model.eval(): running statistics, no dropout
  --input-stats LIST  what goes in, an item each input: MEAN/STD, onehot, or
                      tokens/N for integers below N (default: 0/1)
  --what-if JSON      changes to try, such as {"activation": {"to": "gelu"}};
                      see docs/what-if.md
  --root DIR          folder that absolute imports start from; may be repeated
                      (default: the working directory)
  --json              print JSON (schema 1) instead of a table

Options of check:
  --format NAME       text (default), json or sarif
  --fail-on SEVERITY  error, warning (default), info, hint or never: exit with 1
                      when there is a finding as severe as this
  --fix               make the edits that need no decision, and list what is left
  --dry-run           with --fix: print the edits as a diff instead
  --engine, --seeds, --batch, --root  as above

A pyproject.toml above a file may set more under [tool.initscope].
Exit codes of check: 0 nothing as severe as --fail-on, 1 findings, 2 called or
configured wrongly; of check --fix --dry-run: 1 where there is something to
edit. Of inspect: 0 a model was built, 1 none could be, 2.

  --help, --version
`;

export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [command, file, ...rest] = positionals;
  if (command === undefined) throw new UsageError('no command given');
  const config = {
    ...(values.batch !== undefined && { batch: parseCount('--batch', values.batch) }),
    ...(values.engine !== undefined && { engine: oneOf('--engine', values.engine, engines) }),
    ...(values.seeds !== undefined && { seeds: parseCount('--seeds', values.seeds) }),
  };
  if (command === 'check') {
    if (file === undefined) throw new UsageError('no file or folder given');
    if (values['dry-run'] === true && values.fix !== true) throw new UsageError('--dry-run goes with --fix');
    return {
      kind: 'check',
      paths: [file, ...rest],
      format: oneOf('--format', values.format ?? 'text', formats),
      failOn: oneOf('--fail-on', values['fail-on'] ?? 'warning', [...severities, 'never'] as const),
      fix: values.fix === true ? (values['dry-run'] === true ? 'show' : 'write') : undefined,
      roots: values.root ?? [],
      config,
    };
  }
  if (command !== 'inspect') throw new UsageError(`unknown command '${command}'`);
  if (file === undefined) throw new UsageError('no file given');
  if (rest.length > 0) throw new UsageError(`one file at a time: unexpected '${rest.join(' ')}'`);
  return {
    kind: 'inspect',
    file,
    ...(values.entry !== undefined && { entry: values.entry }),
    ...(values.setup !== undefined && { setup: values.setup }),
    ...(values.input !== undefined && { input: parseShapes(values.input) }),
    settings: parseSettings(values, config),
    config,
    roots: values.root ?? [],
    json: values.json ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        entry: { type: 'string' },
        setup: { type: 'string' },
        input: { type: 'string' },
        batch: { type: 'string' },
        engine: { type: 'string' },
        seeds: { type: 'string' },
        'first-seed': { type: 'string' },
        memory: { type: 'string' },
        eval: { type: 'boolean' },
        'input-stats': { type: 'string' },
        'what-if': { type: 'string' },
        root: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        format: { type: 'string' },
        'fail-on': { type: 'string' },
        fix: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function parseSettings(values: ReturnType<typeof parse>['values'], config: ConfigPart): SimulationSettings {
  const given = {
    ...config,
    ...(values['first-seed'] !== undefined && { firstSeed: parseCount('--first-seed', values['first-seed']) }),
    ...(values.memory !== undefined && { memoryLimit: parseCount('--memory', values.memory) * 2 ** 20 }),
    ...(values.eval === true && { training: false }),
    ...(values['input-stats'] !== undefined && { inputs: values['input-stats'].split(',').map(parseStatistics) }),
    ...(values['what-if'] !== undefined && { whatIf: parseJson('--what-if', values['what-if']) }),
  };
  const parsed = parseSimulationSettings(given);
  if (!parsed.ok) throw new UsageError(parsed.problem);
  return parsed.value;
}

function parseStatistics(text: string): InputStatistics {
  const item = text.trim();
  if (item === 'onehot') return { oneHot: true };
  const [first = '', second = ''] = item.split('/');
  if (first === 'tokens') return { tokens: parseCount('--input-stats', second) };
  const [mean, std] = [Number(first), Number(second)];
  if (first === '' || second === '' || Number.isNaN(mean) || !(std >= 0))
    throw new UsageError(`--input-stats: '${item}' is none of MEAN/STD, onehot, tokens/N`);
  return { mean, variance: std * std };
}

function parseJson(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${option}: ${messageOf(error)}`);
  }
}

/** `1,3,224,224` or `1,16;1,16`: one shape an input. */
export function parseShapes(text: string): number[][] {
  return text.split(';').map((shape) => {
    const trimmed = shape.trim().replace(/^[[(]|[\])]$/g, '');
    return trimmed === '' ? [] : trimmed.replace(/,\s*$/, '').split(',').map(parseSize);
  });
}

function parseSize(text: string): number {
  const size = Number(text);
  if (text.trim() === '' || !Number.isInteger(size) || size < 0) {
    throw new UsageError(`--input: '${text.trim()}' is not a size; write a shape such as 1,3,224,224`);
  }
  return size;
}

function parseCount(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`${option}: '${text}' is not a positive whole number`);
  return count;
}

function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((name) => name === text);
  if (choice === undefined) throw new UsageError(`${option}: '${text}' is none of ${choices.join(', ')}`);
  return choice;
}
