import type * as vscode from 'vscode';
import type { SimulationSettings } from '../core/model/index.js';
import {
  Simulator,
  workersFor,
  type RunningSimulation,
  type SimulationRequest,
  type SimulationResult,
} from '../pool/simulator.js';
import type { StartWorker } from '../protocol/workerHandle.js';
import type { Inspections } from './inspections.js';
import type { Source } from './source.js';
import { messageOf } from '../protocol/messageOf.js';

const limitMilliseconds = 30_000;
const idleMilliseconds = 30_000;

/** What a simulation is of. */
export interface Simulated {
  readonly source: Source | Promise<Source>;
  readonly entry: string;
  readonly settings: SimulationSettings;
}

/** Simulations of a source's models with other settings than inspections have; nothing of them runs on this thread. */
export class Simulations implements vscode.Disposable {
  private readonly simulator: Simulator;

  constructor(
    private readonly inspections: Inspections,
    start: StartWorker,
    processors: number,
  ) {
    this.simulator = new Simulator(start, { workers: workersFor(processors), limitMilliseconds, idleMilliseconds });
  }

  /** Cancelled, too, when the source's text changes before its model is there. */
  run(
    what: Simulated,
    listener: Pick<SimulationRequest, 'onReport' | 'onProgress' | 'onValues'> = {},
  ): RunningSimulation {
    let running: RunningSimulation | undefined;
    let cancelled = false;
    const isCancelled = (): boolean => cancelled;
    const start = async (): Promise<SimulationResult> => {
      const { entry, settings } = what;
      const source = await what.source;
      if (isCancelled()) return { kind: 'cancelled' };
      const model = await this.inspections.modelOf(source, entry, settings.batch);
      if (typeof model === 'string') return { kind: 'failed', message: model };
      if (model === undefined || isCancelled()) return { kind: 'cancelled' };
      running = this.simulator.simulate({ model, settings, ...listener });
      return running.result;
    };
    return {
      result: start().catch((error: unknown): SimulationResult => ({
        kind: 'failed',
        message: messageOf(error),
      })),
      cancel: () => {
        cancelled = true;
        running?.cancel();
      },
    };
  }

  dispose(): void {
    this.simulator.dispose();
  }
}
