import type { FailedEntry, InspectRequest, SyntaxProblem, Workspace } from '../inspect.js';
import type { Model, Shape, UnknownNote } from '../model/index.js';
import { createTorchState, torchHooks } from '../frameworks/torch/modules.js';
import { withTorchState, type TorchState } from '../frameworks/torch/context.js';
import { buildModel } from '../frameworks/torch/model/build-model.js';
import { guessInputs, withIntegers } from '../frameworks/torch/model/guess-input.js';
import { traceForward, type InputTensor } from '../frameworks/torch/model/trace-forward.js';
import { isModule, namedModules } from '../frameworks/torch/nn/module-tree.js';
import { DEFAULT_LIMITS, Interpreter, parseCached, type Limits } from '../python/interpreter/index.js';
import type { Instance } from '../python/values/index.js';
import {
  Journal,
  PyException,
  recording,
  Stopped,
  Unknown,
  type ModuleValue,
  type Value,
} from '../python/values/index.js';
import { findDirectives, type Directive } from './directive.js';
import { findInputHints, type InputHints } from './input-hints.js';
import { findEntries, type EntryCandidate } from './entries.js';

/** What a file says about its models. */
export interface Reading {
  readonly models: readonly Model[];
  readonly failed: readonly FailedEntry[];
  readonly syntaxProblems: readonly SyntaxProblem[];
  readonly unknown: readonly UnknownNote[];
  readonly needs: readonly string[];
  readonly cancelled: boolean;
  readonly milliseconds: { readonly parse: number };
}

/** Models of one file beyond this many are not built: they are nearly always variants of the same. */
const MOST_MODELS = 16;
/** Milliseconds after which only classes not built yet are still looked at, and after which nothing more is. */
const VARIANTS_UNTIL = 600;
const NOTHING_AFTER = 1500;
/** Steps that building and tracing one model may take when nobody asked for it by name. */
const ENTRY_STEPS = 1_500_000;
/** Limits when a file is read by itself, as it is opened: nobody waits for the last of its imports. */
const UNASKED: Partial<Limits> = { milliseconds: 4_000, importMilliseconds: 900 };
const DEFAULT_BATCH = 8;

/** Reads a file: executes its definitions, builds the models that it offers and traces their forwards. */
export function readFile(request: InspectRequest, workspace: Workspace, limits: Partial<Limits> = {}): Reading {
  const { file, text } = request;
  const now = request.now ?? Date.now;
  const start = now();
  const parsed = parseCached(file, text);
  const parse = now() - start;
  const syntaxProblems = parsed.problems.map((p) => ({ message: p.message, range: parsed.places(p) }));
  const it = new Interpreter(
    workspace,
    torchHooks(),
    {
      ...DEFAULT_LIMITS,
      ...(request.entry === undefined ? UNASKED : {}),
      isCancelled: request.isCancelled,
      ...limits,
    },
    now,
  );
  const models: Model[] = [];
  const failed: FailedEntry[] = [];
  let cancelled = false;
  try {
    const state = createTorchState(it);
    withTorchState(state, () => {
      const module = it.modules.runMain(moduleName(file), file, text);
      const directive = findDirectives(parsed.source)[0];
      if (request.setup !== undefined || directive?.setup !== undefined)
        it.modules.executeIn(module, request.setup ?? directive?.setup ?? '');
      const reader = new EntryReader(
        it,
        state,
        module,
        request,
        directive,
        findInputHints(parsed.module.body, parsed.source),
      );
      const explicit = request.entry ?? directive?.entry;
      if (explicit !== undefined) {
        const result = reader.build({ entry: explicit, className: '', from: 'directive' });
        if ('failed' in result) failed.push(result.failed);
        else models.push(result.model);
      } else reader.buildAll(findEntries(it, module, parsed.module.body, parsed.source), models, failed);
    });
  } catch (e) {
    if (e instanceof Stopped && e.cause === 'cancelled') cancelled = true;
    else if (e instanceof Stopped || e instanceof PyException)
      failed.push({ entry: request.entry ?? '', className: '', reason: message(e), range: e.range });
    else throw e;
  }
  return {
    models,
    failed,
    syntaxProblems,
    unknown: it.notes,
    needs: [...it.loader.needs],
    cancelled,
    milliseconds: { parse },
  };
}

/** Dotted name of a file relative to the workspace. */
function moduleName(file: string): string {
  return file
    .replace(/\.(py|ipynb)$/, '')
    .replace(/\/__init__$/, '')
    .replace(/^[./]+/, '')
    .split('/')
    .join('.');
}

function message(e: PyException | Stopped): string {
  return e instanceof PyException ? `${e.className}: ${e.message}` : e.message;
}

/** `parts`: the classes of the modules inside it. */
type Built = { readonly model: Model; readonly parts: ReadonlySet<string> } | { readonly failed: FailedEntry };

class EntryReader {
  constructor(
    private readonly it: Interpreter,
    private readonly state: TorchState,
    private readonly module: ModuleValue,
    private readonly request: InspectRequest,
    private readonly directive: Directive | undefined,
    private readonly hints: InputHints,
  ) {}

  /** Builds every root model: one per class (its best candidate that works) and one per factory; parts of other models are left out. */
  buildAll(candidates: readonly EntryCandidate[], models: Model[], failed: FailedEntry[]): void {
    const done = new Set<string>();
    const parts = new Set<string>();
    const failures = new Map<string, FailedEntry>();
    const built: { readonly model: Model; readonly from: EntryCandidate['from'] }[] = [];
    const start = this.it.now();
    const skipped: string[] = [];
    for (const c of candidates) {
      const spent = this.it.now() - start;
      if (built.length >= MOST_MODELS || spent > NOTHING_AFTER || (spent > VARIANTS_UNTIL && c.from === 'factory')) {
        if (c.from !== 'symbolic' && !done.has(c.className)) skipped.push(c.entry);
        continue;
      }
      if (c.className !== '' && (done.has(c.className) || (c.from === 'symbolic' && parts.has(c.className)))) continue;
      const result = this.it.withBudget(ENTRY_STEPS, () => this.build(c));
      if ('failed' in result) {
        if (c.className !== '' && !failures.has(c.className)) failures.set(c.className, result.failed);
        continue;
      }
      const { model } = result;
      if (
        c.from !== 'factory' ||
        !built.some((b) => b.model.className === model.className && sameParameters(b.model, model))
      )
        built.push({ model, from: c.from });
      done.add(model.className);
      for (const p of result.parts) parts.add(p);
    }
    if (skipped.length > 0) {
      const more = skipped.length > 6 ? ` and ${String(skipped.length - 6)} more` : '';
      this.it.note(
        `not built: ${skipped.slice(0, 6).join(', ')}${more}; name the one to see with "# initscope: entry=…"`,
      );
    }
    for (const b of built)
      if (b.from === 'instance' || !parts.has(b.model.className) || built.every((x) => parts.has(x.model.className)))
        models.push(b.model);
    for (const [name, f] of failures) if (!done.has(name) && !parts.has(name)) failed.push(f);
  }

  build(candidate: EntryCandidate): Built {
    const fail = (reason: string, range: FailedEntry['range']): Built => ({
      failed: { entry: candidate.entry, className: candidate.className, definedAt: candidate.definedAt, reason, range },
    });
    const journal = new Journal();
    const notesBefore = this.it.notes.length;
    try {
      return recording(journal, () => {
        const root = this.evaluate(candidate);
        if (root instanceof Unknown) return fail(root.reason, root.range);
        if (!isModule(root))
          return fail(
            `${candidate.entry} is not a model but ${root === null ? 'None' : `a ${this.it.classOf(root).name}`}`,
            undefined,
          );
        const model = this.trace(root, candidate, notesBefore);
        // What was built is taken back afterwards, so everything that is asked of it is asked here.
        return { model, parts: new Set([...namedModules(root)].slice(1).map(([, m]) => m.cls.name)) };
      });
    } catch (e) {
      if (e instanceof PyException || (e instanceof Stopped && e.cause !== 'cancelled'))
        return fail(message(e), e.range);
      throw e;
    } finally {
      journal.rollBack();
    }
  }

  private evaluate(candidate: EntryCandidate): Value {
    if (candidate.from !== 'symbolic') return this.it.modules.evaluateIn(this.module, candidate.entry);
    // Names that only stand for arguments: unknown, under the parameter's name.
    const argument = (n: string): Unknown =>
      new Unknown(
        `${n} is an argument of ${candidate.className} that nothing in this file gives`,
        candidate.definedAt,
        n,
      );
    const given =
      /\((.*)\)$/s
        .exec(candidate.entry)?.[1]
        ?.split(', ')
        .filter((p) => p !== '') ?? [];
    const positional = given.filter((p) => !p.includes('=')).map(argument);
    const keywords = new Map(
      given
        .filter((p) => p.includes('='))
        .map((p) => p.split('=')[0] ?? '')
        .map((n) => [n, argument(n)]),
    );
    return this.it.call(this.module.names.get(candidate.className) ?? null, positional, keywords);
  }

  private trace(root: Instance, candidate: EntryCandidate, notesBefore: number): Model {
    this.state.names = new Map([...namedModules(root)].map(([name, m]) => [m, name]));
    const given = this.request.input ?? this.directive?.input;
    const batch = this.request.batch ?? DEFAULT_BATCH;
    const guessed = given ? undefined : guessInputs(this.it, root, this.hints);
    const plain: InputTensor[] | undefined = given
      ? given.map((shape) => ({ shape, dtype: 'float' }))
      : guessed?.inputs;
    const batched = plain?.map((i) => ({ ...i, shape: i.shape[0] === 1 ? [batch, ...i.shape.slice(1)] : i.shape }));
    const inputs = batched && given ? withIntegers(this.it, root, batched) : batched;
    this.state.beginTrace();
    const result = inputs ? traceForward(this.it, root, inputs) : undefined;
    const unknown: UnknownNote[] = this.it.notes.slice(notesBefore);
    if (result?.failure)
      unknown.push({
        reason: `forward could be followed no further: ${result.failure.reason}`,
        range: result.failure.range,
      });
    else if (!inputs)
      unknown.push({
        reason: 'the shape of the input is not known: give it with "# initscope: input=1,3,224,224"',
        range: root.cls.range,
      });
    return buildModel({
      file: this.request.file,
      entry: candidate.entry,
      root,
      input: (plain ?? []).map((i): Shape => i.shape),
      inputFrom: this.request.input ? 'given' : given ? 'directive' : (guessed?.from ?? 'none'),
      trace: result,
      unknown,
    });
  }
}

function sameParameters(a: Model, b: Model): boolean {
  return (
    a.parameters.length === b.parameters.length &&
    a.parameters.every((p, i) => `${p.name} ${String(p.shape)}` === parameterKey(b, i))
  );
}

function parameterKey(m: Model, i: number): string {
  const p = m.parameters[i];
  return p ? `${p.name} ${String(p.shape)}` : '';
}
