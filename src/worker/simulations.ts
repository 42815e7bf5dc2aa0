import { DEFAULT_MEMORY, DEFAULT_SEEDS, type Model, type SimulationSettings } from '../core/model/index.js';
import {
  Cancelled,
  finiteEngineOf,
  planFinite,
  SeedRunner,
  tooLarge,
  type SeedStatistics,
} from '../core/propagation/batch/index.js';
import { OutOfMemory, type Helpers } from '../core/propagation/kernels/index.js';
import { drawnOf } from '../core/propagation/part-of-batch.js';
import { signalValues } from '../core/propagation/layer-values.js';
import { seedsFor } from '../core/propagation/policy.js';
import { prepare } from '../core/propagation/prepare.js';
import { simulate } from '../core/propagation/simulate.js';
import { isSet } from '../pool/flag.js';
import { pack, unpack } from '../pool/packed.js';
import type { SeedResult, SimulateMessage, WorkerReply } from '../protocol/worker.js';
import { messageOf } from '../protocol/messageOf.js';

type Message<K extends SimulateMessage['kind']> = Extract<SimulateMessage, { kind: K }>;

/** Progress is told at most this often. */
const progressMilliseconds = 50;

/** So many threads that help with a draw's numbers. */
export type HelpersOf = (count: number) => Helpers | undefined;

/** Simulations of models that it was given: reports, and single draws at finite width. */
export class Simulations {
  private readonly models = new Map<number, Model>();
  private readonly results = new Map<number, Map<number, SeedStatistics>>();
  /** For the draws after this one, which mostly are of the same model with the same settings. */
  private last: { readonly key: string; readonly runner: SeedRunner } | undefined;
  /** Whoever is told of the present draw's progress, and may stop it. */
  private watch: Message<'seed'> | undefined;
  private told = 0;

  constructor(
    private readonly post: (reply: WorkerReply) => void,
    /** Where threads can have threads. */
    private readonly helpers?: HelpersOf,
  ) {}

  handle(message: SimulateMessage): void {
    switch (message.kind) {
      case 'model':
        this.last = undefined;
        if (message.packed === undefined) this.models.delete(message.model);
        else this.models.set(message.model, unpack(message.packed) as Model);
        return;
      case 'end':
        this.results.delete(message.id);
        return;
      case 'simulate':
        this.answer(message, () => this.report(message));
        return;
      case 'seed':
        this.answer(message, () => this.draw(message));
    }
  }

  private answer({ id, settings }: Message<'seed' | 'simulate'>, work: () => WorkerReply): void {
    try {
      this.post(work());
    } catch (error) {
      this.post({ kind: 'failed', id, message: failureOf(error, settings) });
    }
  }

  private report({ id, model: number, settings, results, valuesOnly }: Message<'simulate'>): WorkerReply {
    const model = this.model(number);
    const values = valuesOnly === true ? signalValues(model, settings) : undefined;
    if (values !== undefined) return { kind: 'values', id, values };
    if (results.length > 0) return { kind: 'simulated', id, report: this.merged(id, model, settings, results) };
    const seeds = seedsOf(model, settings);
    return seeds === 0
      ? { kind: 'simulated', id, report: simulate(model, settings) }
      : { kind: 'simulated', id, report: simulate(model, { ...settings, engine: 'moments' }), preview: { seeds } };
  }

  private merged(id: number, model: Model, settings: SimulationSettings, more: readonly SeedResult[]) {
    const all = this.results.get(id) ?? new Map<number, SeedStatistics>();
    this.results.set(id, all);
    for (const { index, packed } of more) all.set(index, unpack(packed) as SeedStatistics);
    // In the draws' order, whichever was ready first.
    const results = [...all].sort(([a], [b]) => a - b).map(([, statistics]) => statistics);
    return simulate(model, { ...settings, results });
  }

  private draw(message: Message<'seed'>): WorkerReply {
    this.watch = message;
    const { id, index } = message;
    return { kind: 'drawn', id, index, packed: pack(this.runner(message).run(index)) };
  }

  private runner({ model: number, settings, helpers }: Message<'seed'>): SeedRunner {
    const key = `${number} ${helpers} ${JSON.stringify(settings)}`;
    if (this.last?.key === key) return this.last.runner;
    // Before the next one asks for memory.
    this.last = undefined;
    const { model: prepared, inputs } = prepare(this.model(number), settings);
    const model = drawnOf(prepared, settings.engine);
    const engine = finiteEngineOf(settings.engine);
    if (engine === undefined) throw new Error('moments need no draws');
    const plan = planFinite(model, engine, settings.memoryLimit);
    if ('refused' in plan) throw new Error(plan.refused);
    const runner = new SeedRunner(model, plan, {
      ...settings,
      engine,
      inputs,
      helpers: this.helpers?.(helpers),
      onProgress: (progress) => {
        const now = performance.now();
        if (this.watch === undefined || now - this.told < progressMilliseconds) return;
        this.told = now;
        this.post({ kind: 'progress', id: this.watch.id, progress });
      },
      isCancelled: () => isSet(this.watch?.cancel),
    });
    this.last = { key, runner };
    return runner;
  }

  private model(number: number): Model {
    const model = this.models.get(number);
    if (model === undefined) throw new Error('the model is not here');
    return model;
  }
}

/** How many draws are to be made; 0 where moments alone give the Report, or there is no memory for draws. */
function seedsOf(given: Model, settings: SimulationSettings): number {
  const engine = finiteEngineOf(settings.engine);
  if (engine === undefined) return 0;
  const model = drawnOf(prepare(given, settings).model, settings.engine);
  if (settings.engine === 'auto' && settings.seeds === undefined) return seedsFor(model, settings.memoryLimit);
  return 'refused' in planFinite(model, engine, settings.memoryLimit) ? 0 : (settings.seeds ?? DEFAULT_SEEDS);
}

function failureOf(error: unknown, { memoryLimit = DEFAULT_MEMORY }: SimulationSettings): string {
  if (error instanceof OutOfMemory) return tooLarge(error.wanted, memoryLimit).refused;
  if (error instanceof Cancelled) return 'cancelled';
  return messageOf(error);
}
