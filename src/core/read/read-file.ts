import type { FailedEntry, InspectRequest, SyntaxProblem, Workspace } from '../inspect.js';
import type { Model, UnknownNote } from '../model/index.js';
import { createTorchState, torchHooks } from '../frameworks/torch/modules.js';
import { withTorchState } from '../frameworks/torch/context.js';
import {
  DEFAULT_LIMITS,
  executeIn,
  Interpreter,
  parseCached,
  type Limits,
  type SourceFile,
} from '../python/interpreter/index.js';
import { PyException, Stopped } from '../python/values/index.js';
import { findDirectives } from './directive.js';
import { buildAll } from './build-all.js';
import { EntryReader, message } from './entry-reader.js';
import { findInputHints } from './input-hints.js';
import { moduleName } from './module-name.js';
import { WorkspaceView } from './workspace-view.js';

/** What a file says about its models. */
export interface Reading {
  readonly models: readonly Model[];
  /** The file as it is written. */
  readonly written: SourceFile;
  readonly failed: readonly FailedEntry[];
  readonly syntaxProblems: readonly SyntaxProblem[];
  readonly unknown: readonly UnknownNote[];
  readonly needs: readonly string[];
  readonly seeks: readonly string[];
  readonly cancelled: boolean;
  readonly milliseconds: { readonly parse: number };
}

/**
 * Limits when a file is read by itself, as it is opened: nobody waits for the last of its imports, and with simulation
 * it must be over within two seconds, also on a busy machine.
 */
const UNASKED: Partial<Limits> = { milliseconds: 1_000, importMilliseconds: 600, definitionMilliseconds: 750 };

/** Whether somebody waits for the answer: who names a model does. */
export function isAwaited({ entry, isAwaited }: InspectRequest): boolean {
  return entry !== undefined || isAwaited === true;
}

/** Calls that read weights, base classes that have one, and code that only runs what was trained elsewhere. */
const CHECKPOINTS =
  /\b(?:load_state_dict|from_pretrained|load_checkpoint|load_weights|safetensors|PreTrainedModel|ModelMixin|inference_mode)\b|\btorch\.load\(/;

/** Reads a file: executes its definitions, builds the models that it offers and traces their forwards. */
export function readFile(request: InspectRequest, workspace: Workspace, limits: Partial<Limits> = {}): Reading {
  const { file, text } = request;
  const now = request.now ?? Date.now;
  const start = now();
  const parsed = parseCached(file, text);
  const parse = now() - start;
  const syntaxProblems = parsed.problems.map((p) => ({ message: p.message, range: parsed.places(p) }));
  const places = new WorkspaceView(workspace, request);
  const it = new Interpreter(
    places,
    torchHooks(),
    {
      ...DEFAULT_LIMITS,
      ...(isAwaited(request) ? {} : UNASKED),
      isCancelled: request.isCancelled,
      ...limits,
    },
    now,
  );
  const models: Model[] = [];
  const failed: FailedEntry[] = [];
  const seeks: string[] = [];
  let cancelled = false;
  try {
    const state = createTorchState(it);
    withTorchState(state, () => {
      const module = it.modules.runMain(moduleName(file), file, text);
      const directives = findDirectives(parsed.source);
      const setups = request.setup === undefined ? directives.flatMap((d) => d.setup ?? []) : [request.setup];
      for (const setup of setups) executeIn(it, module, setup);
      const input = directives.find((d) => d.entry === undefined && d.input !== undefined)?.input;
      const reader = new EntryReader(
        it,
        state,
        module,
        request,
        input,
        findInputHints(parsed.module.body, parsed.source),
        (path) => places.read(path),
      );
      if (request.entry !== undefined) {
        const own = directives.find((d) => d.entry === request.entry)?.input;
        const result = reader.build({ entry: request.entry, className: '', from: 'directive', input: own });
        if ('failed' in result) {
          failed.push(result.failed);
          it.notes.list.push(...result.notes);
        } else models.push(result.model);
      } else {
        const all = buildAll(reader, { it, module, text: parsed.source, directives, workspace: places });
        models.push(...all.models);
        failed.push(...all.failed);
        seeks.push(...all.seeks);
      }
    });
  } catch (e) {
    if (e instanceof Stopped && e.cause === 'cancelled') cancelled = true;
    else if (e instanceof Stopped || e instanceof PyException)
      failed.push({ entry: request.entry ?? '', className: '', reason: message(e), range: e.range });
    else throw e;
  }
  return {
    models: CHECKPOINTS.test(text) ? models.map((m): Model => ({ ...m, readsCheckpoints: true })) : models,
    written: parsed,
    failed,
    syntaxProblems,
    unknown: it.notes.list,
    needs: [...places.needs],
    seeks,
    cancelled,
    milliseconds: { parse },
  };
}
