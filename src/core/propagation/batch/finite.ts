import { createKernels, OutOfMemory, type Kernels } from '../kernels/index.js';
import type { FiniteEngine } from './plan.js';
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
  /** Share of the work that is done, in [0, 1]. */
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly isCancelled?: (() => boolean) | undefined;
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

export const DEFAULT_SEEDS = 4;
export const DEFAULT_MEMORY = 400 * 2 ** 20;

/** All seeds, one after the other. Throws `Cancelled`. */
export function simulateFinite(model: Simulated, options: FiniteOptions = {}): BatchStatistics | Refusal {
  const { engine = 'dense', seeds = DEFAULT_SEEDS, firstSeed = 1, memoryLimit = DEFAULT_MEMORY } = options;
  const plan = planOf(model, engine, memoryLimit);
  if (plan.bytes > memoryLimit) return tooLarge(plan.bytes, memoryLimit);
  try {
    const kernels: Kernels = createKernels({ limit: memoryLimit });
    const results: SeedStatistics[] = [];
    for (let i = 0; i < seeds; i++) {
      const result = simulateSeed(
        model,
        firstSeed + i,
        kernels,
        {
          ...options,
          memoryLimit,
          step: (done, all) => {
            options.onProgress?.((i + done / all) / seeds);
            return options.isCancelled?.() ?? false;
          },
        },
        plan,
      );
      if (result === undefined) throw new Cancelled();
      results.push(result);
    }
    options.onProgress?.(1);
    return mergeSeeds(results);
  } catch (error) {
    if (error instanceof OutOfMemory) return tooLarge(error.wanted, memoryLimit);
    throw error;
  }
}

function tooLarge(bytes: number, limit: number): Refusal {
  const megabytes = (n: number): string => String(Math.ceil(n / 2 ** 20));
  return {
    refused:
      `a run at the real widths needs more than ${megabytes(bytes)} MB, and ${megabytes(limit)} MB are allowed: ` +
      'choose a smaller batch or input, or the moments engine',
  };
}
