import type { RunningSimulation, SimulationResult } from '../pool/simulator.js';
import type { SimulationContent, ToHost, ToPanel } from '../protocol/panel.js';
import type { Simulations } from './simulations.js';
import type { Source } from './source.js';

type Ask = Extract<ToHost, { type: 'simulate' }>;

/** The simulations that one panel has asked for, by its own numbers. */
export class PanelSimulations {
  private readonly running = new Map<number, RunningSimulation>();

  constructor(
    private readonly simulations: Simulations,
    private readonly post: (message: ToPanel) => void,
  ) {}

  /** Known under its number at once, so that it can be cancelled while the source is opened. */
  async start({ id, entry, settings, valuesOnly }: Ask, source: Promise<Source>): Promise<void> {
    this.cancel(id);
    const running = this.simulations.run(
      { source, entry, settings },
      {
        onReport: (report, state) => {
          this.tell(id, running, { kind: 'report', report, state });
        },
        onProgress: (progress) => {
          this.tell(id, running, { kind: 'progress', progress });
        },
        ...(valuesOnly === true && {
          onValues: (values) => {
            this.tell(id, running, { kind: 'values', values });
          },
        }),
      },
    );
    this.running.set(id, running);
    const result = await running.result;
    if (result.kind !== 'values') this.tell(id, running, contentOf(result));
    if (this.running.get(id) === running) this.running.delete(id);
  }

  cancel(id: number): void {
    this.running.get(id)?.cancel();
  }

  cancelAll(): void {
    for (const running of this.running.values()) running.cancel();
    this.running.clear();
  }

  /** Unless the panel has asked for something else under that number, or is gone. */
  private tell(id: number, running: RunningSimulation, content: SimulationContent): void {
    if (this.running.get(id) === running) this.post({ type: 'simulation', id, content });
  }
}

function contentOf(result: Exclude<SimulationResult, { kind: 'values' }>): SimulationContent {
  switch (result.kind) {
    case 'done':
      return { kind: 'done', state: result.state };
    case 'failed':
      return { kind: 'failed', message: result.message };
    case 'cancelled':
      return { kind: 'cancelled' };
  }
}
