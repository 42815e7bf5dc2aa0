import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Model, Report, SimulationProgress, SimulationSettings, UnknownNote } from '../core/model/index.js';
import { startNodeWorker } from '../pool/nodeWorker.js';
import { drawnOf } from '../core/propagation/part-of-batch.js';
import { seedsFor } from '../core/propagation/policy.js';
import { prepare } from '../core/propagation/prepare.js';
import { pack } from '../pool/packed.js';
import { Simulator, workersFor } from '../pool/simulator.js';

/** Ctrl-C was pressed. */
export class Interrupted extends Error {}

/** How workers are to simulate a model; undefined where the report at hand says all. `share`: of what `auto` may take. */
export function drawsOf(
  model: Model,
  report: Report | undefined,
  settings: SimulationSettings,
  share: number,
): SimulationSettings | undefined {
  if (settings.engine === 'moments' || report?.engine === 'auto') return undefined;
  if (settings.engine !== 'auto') return settings;
  const seeds =
    settings.seeds ?? seedsFor(drawnOf(prepare(model, settings).model, 'auto'), settings.memoryLimit, share);
  return seeds === 0 ? undefined : { ...settings, seeds };
}

/**
 * Reports of models by a finite-width engine, several draws side by side in worker threads. Where none can be had,
 * the report at hand stays, with the reason.
 * @param wanted by model, as `drawsOf` says
 */
export async function simulateInWorkers(
  models: readonly Model[],
  byMoments: readonly Report[],
  wanted: readonly (SimulationSettings | undefined)[],
): Promise<Report[]> {
  const script = path.join(__dirname, 'worker.js');
  const simulator = new Simulator((listener) => Promise.resolve(startNodeWorker(script, listener)), {
    workers: workersFor(availableParallelism()),
  });
  // Workers don't keep the process alive, and there is nothing else to do.
  const alive = setInterval(() => undefined, 1 << 30);
  const line = new ProgressLine();
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => {
      reject(new Interrupted());
    };
  });
  process.once('SIGINT', interrupt);
  try {
    const reports: Report[] = [];
    for (const [i, model] of models.entries()) {
      const settings = wanted[i];
      const fallback = byMoments[i];
      if (settings === undefined) {
        if (fallback !== undefined) reports.push(fallback);
        continue;
      }
      const running = simulator.simulate({
        model: pack(model),
        settings,
        onProgress: (progress) => {
          line.show(model.entry, progress);
        },
      });
      const result = await Promise.race([running.result, interrupted]);
      if (result.kind === 'done')
        reports.push(
          withNotes(
            withOption(result.report),
            result.state.lost.map(({ seed, message }) => `seed ${seed}: ${message}`),
          ),
        );
      else if (fallback !== undefined)
        reports.push(withNotes(fallback, result.kind === 'failed' ? [result.message] : []));
    }
    return reports;
  } finally {
    process.off('SIGINT', interrupt);
    line.clear();
    simulator.dispose();
    clearInterval(alive);
  }
}

/** How to give more memory. */
function withOption(report: Report): Report {
  const unknown = report.unknown.map((note) =>
    note.about === 'memory' ? { ...note, reason: `${note.reason}; --memory allows more` } : note,
  );
  return { ...report, unknown };
}

function withNotes(report: Report, reasons: readonly string[]): Report {
  const notes = reasons.map((reason): UnknownNote => ({ reason, range: report.definedAt }));
  return notes.length === 0 ? report : { ...report, unknown: [...report.unknown, ...notes] };
}

/** One line that is written over, where somebody sees it. */
class ProgressLine {
  private width = 0;

  show(entry: string, { seed, seeds, layer, layers, done }: SimulationProgress): void {
    if (!process.stderr.isTTY) return;
    const text = `${entry}: seed ${seed} of ${seeds}, layer ${layer} of ${layers}, ${Math.floor(100 * done)} %`;
    const cut = text.slice(0, Math.max(20, process.stderr.columns - 1));
    process.stderr.write(`\r${cut.padEnd(this.width)}`);
    this.width = cut.length;
  }

  clear(): void {
    if (this.width > 0) process.stderr.write(`\r${' '.repeat(this.width)}\r`);
    this.width = 0;
  }
}
