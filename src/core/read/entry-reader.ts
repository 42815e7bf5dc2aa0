import type { FailedEntry, InspectRequest } from '../inspect.js';
import { DEFAULT_BATCH, type Shape, type UnknownNote } from '../model/index.js';
import type { TorchState } from '../frameworks/torch/context.js';
import type { Model } from '../model/index.js';
import { buildModel } from '../frameworks/torch/model/build-model.js';
import { guessInputs, traceUntyped } from '../frameworks/torch/model/guess-input.js';
import { traceForward, type InputTensor } from '../frameworks/torch/model/trace-forward.js';
import { graphShape } from '../frameworks/torch/trace.js';
import { isModule, namedModules } from '../frameworks/torch/nn/module-tree.js';
import { evaluateIn, ownFailure, type Interpreter, type Note } from '../python/interpreter/index.js';
import {
  Journal,
  PyException,
  recording,
  Stopped,
  Unknown,
  type Instance,
  type ModuleValue,
  type Value,
} from '../python/values/index.js';
import { argumentsOf } from './arguments.js';
import type { Directive } from './directive.js';
import type { EntryCandidate } from './entries.js';
import type { InputHints } from './input-hints.js';
import { withAssignments } from './writes.js';

/** `parts`: the classes of the modules inside it. */
export type Built =
  | { readonly model: Model; readonly parts: ReadonlySet<string> }
  /** `notes`: what was not known on the way. */
  | { readonly failed: FailedEntry; readonly notes: readonly Note[] };

/** Builds models of one file and traces their forwards. */
export class EntryReader {
  constructor(
    private readonly it: Interpreter,
    private readonly state: TorchState,
    private readonly module: ModuleValue,
    private readonly request: InspectRequest,
    /** Shapes that a directive gives to every model. */
    private readonly input: Directive['input'],
    private readonly hints: InputHints,
    /** Text of a file that was read. */
    private readonly textOf: (file: string) => string | null | undefined,
  ) {}

  build(candidate: EntryCandidate): Built {
    const fail = (reason: string, range: FailedEntry['range']): Built => ({
      failed: {
        entry: candidate.entry,
        className: candidate.className,
        definedAt: candidate.definedAt,
        arguments: argumentsOf(this.it, this.module, candidate),
        reason,
        range,
      },
      notes: this.it.notes.take(notesBefore),
    });
    const journal = new Journal();
    const notesBefore = this.it.notes.list.length;
    const { walks } = this.state;
    const walksBefore = walks.length;
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
      if (e instanceof Stopped) throw e;
      return fail(ownFailure(e), candidate.definedAt);
    } finally {
      journal.rollBack();
      walks.length = walksBefore;
    }
  }

  private evaluate(candidate: EntryCandidate): Value {
    const { site } = candidate;
    if (site) return this.it.call(site.target, [...site.arguments.positional], site.arguments.keywords);
    if (candidate.from !== 'symbolic') return evaluateIn(this.it, this.module, candidate.entry);
    // Names that only stand for arguments: unknown, under the parameter's name.
    const argument = (n: string): Unknown =>
      new Unknown(
        `${n} is an argument of ${candidate.className} that nothing in the workspace gives`,
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
    // A script leaves its model in whatever mode it used last; what is simulated is the start of training.
    if (!/\.eval\(\)\s*$/.test(candidate.entry)) this.it.callMethod(root, 'train');
    const given = this.request.input ?? candidate.input ?? this.input;
    const batch = this.request.batch ?? DEFAULT_BATCH;
    const built = this.it.notes.list.length;
    const guessed = given ? undefined : guessInputs(this.it, root, this.hints);
    const plain: InputTensor[] | undefined = given
      ? given.map((shape) => ({ shape, dtype: 'float' }))
      : guessed?.inputs;
    const batched = plain?.map((i) => ({ ...i, shape: i.shape[0] === 1 ? [batch, ...i.shape.slice(1)] : i.shape }));
    // Inputs that were only tried leave no word.
    this.it.notes.take(built);
    this.state.beginTrace();
    const trace = given ? traceUntyped : traceForward;
    const result = batched && trace(this.it, root, batched);
    const unknown: UnknownNote[] = this.it.notes.take(notesBefore);
    if (result?.failure)
      unknown.push({
        reason: `forward could be followed no further: ${result.failure.reason}`,
        range: result.failure.range,
      });
    else if (!batched)
      unknown.push({
        reason: 'the shape of the input is not known: give it with "# initscope: input=1,3,224,224"',
        range: root.cls.range,
      });
    const model = buildModel({
      file: this.request.file,
      entry: candidate.entry,
      entryAt: candidate.site?.at,
      arguments: argumentsOf(this.it, this.module, candidate),
      root,
      input: (plain ?? []).map((i): Shape => graphShape(i.shape)),
      inputFrom: this.request.input ? 'given' : given ? 'directive' : (guessed?.from ?? 'none'),
      trace: result,
      unknown,
    });
    return withAssignments(model, this.textOf);
  }
}

export function message(e: PyException | Stopped): string {
  return e instanceof PyException ? `${e.className}: ${e.message}` : e.message;
}
