import { DEFAULT_MEMORY, DEFAULT_SEEDS, type Engine, type SimulationProgress } from '../../model/index.js';
import { createKernels, OutOfMemory, type Helpers, type Kernels } from '../kernels/index.js';
import type { FiniteEngine, Plan } from './plan.js';
import { layerProgress } from './progress.js';
import { planOf, simulateSeed, type SeedOptions, type SeedStatistics, type Simulated } from './seed.js';
import { mergeSeeds, type BatchStatistics } from './statistics/merge.js';

export interface FiniteOptions extends Omit<SeedOptions, 'step' | 'memoryLimit'> {
  readonly engine?: FiniteEngine | undefined;
  /** How many independent draws. Default 4. */
  readonly seeds?: number | undefined;
  /** Number of the first; others follow it. Default 1. */
  readonly firstSeed?: number | undefined;
  /** Bytes. Default 400 MB. */
  readonly memoryLimit?: number | undefined;
  /** Called at each layer, forward and back. */
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined;
  readonly isCancelled?: (() => boolean) | undefined;
  /** Threads that share the work; they change nothing in the results. Default none. */
  readonly helpers?: Helpers | undefined;
}

/** The run was stopped by `isCancelled`. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
  }
}

/** Why there is no result, and what to do instead. */
export interface Refusal {
  readonly refused: string;
}

/** The finite-width engine that an engine's name stands for; none for moments. */
export function finiteEngineOf(engine: Engine = 'moments'): FiniteEngine | undefined {
  return engine === 'moments' ? undefined : engine === 'dense' ? 'dense' : 'sampler';
}

/** The plan of a run, or why it can't be made. */
export function planFinite(model: Simulated, engine: FiniteEngine, memoryLimit = DEFAULT_MEMORY): Plan | Refusal {
  const plan = planOf(model, engine, memoryLimit);
  return plan.bytes > memoryLimit ? tooLarge(plan.bytes, memoryLimit) : plan;
}

/** Seeds of one model, run one after the other with the same plan and kernels. Throws `Cancelled` and `OutOfMemory`. */
export class SeedRunner {
  private readonly kernels: Kernels;

  constructor(
    private readonly model: Simulated,
    private readonly plan: Plan,
    private readonly options: FiniteOptions,
  ) {
    this.kernels = createKernels({ limit: this.memoryLimit, helpers: options.helpers });
  }

  private get memoryLimit(): number {
    return this.options.memoryLimit ?? DEFAULT_MEMORY;
  }

  /** The seed `index` places after the first. */
  run(index: number): SeedStatistics {
    const { firstSeed = 1, seeds = DEFAULT_SEEDS, isCancelled, onProgress } = this.options;
    const progress = onProgress && layerProgress(this.model, index, seeds, onProgress);
    const step = (done: number): boolean => {
      progress?.(done);
      return isCancelled?.() ?? false;
    };
    const options: SeedOptions = { ...this.options, memoryLimit: this.memoryLimit, step };
    const result = simulateSeed(this.model, firstSeed + index, this.kernels, options, this.plan);
    if (result === undefined) throw new Cancelled();
    progress?.(2 * this.model.graph.nodes.length);
    return result;
  }
}

/** All seeds, one after the other. Throws `Cancelled`. */
export function drawSeeds(model: Simulated, options: FiniteOptions = {}): readonly SeedStatistics[] | Refusal {
  const { engine = 'dense', seeds = DEFAULT_SEEDS, memoryLimit = DEFAULT_MEMORY } = options;
  const plan = planFinite(model, engine, memoryLimit);
  if ('refused' in plan) return plan;
  try {
    const runner = new SeedRunner(model, plan, options);
    return Array.from({ length: seeds }, (_, i) => runner.run(i));
  } catch (error) {
    if (error instanceof OutOfMemory) return tooLarge(error.wanted, memoryLimit);
    throw error;
  }
}

/** The same, put together. */
export function simulateFinite(model: Simulated, options: FiniteOptions = {}): BatchStatistics | Refusal {
  const results = drawSeeds(model, options);
  return 'refused' in results ? results : mergeSeeds(results);
}

/** `bytes`: what was wanted when it was refused, or is known to be needed before. */
export function tooLarge(bytes: number, limit: number): Refusal {
  const megabytes = (n: number): string => String(Math.ceil(n / 2 ** 20));
  // What is free in all may lie in pieces too small for the next array.
  const wanted = bytes > limit ? `at least ${megabytes(bytes)} MB` : `more than ${megabytes(limit)} MB`;
  return {
    refused:
      `a run at the real widths needs ${wanted} in all, and ${megabytes(limit)} MB are allowed: ` +
      'choose a smaller batch or input, or the moments engine',
  };
}
