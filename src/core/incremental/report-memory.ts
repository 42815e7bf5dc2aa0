import type { Model, Report, SourceRange } from '../model/index.js';
import { movesBetween } from './moves.js';
import { withRanges } from './ranges.js';

/** Files, and models of each, whose last reports are kept. */
const mostFiles = 8;
const mostModels = 32;

interface Kept {
  readonly model: Model;
  /** What it was simulated with. */
  readonly settings: string;
  readonly report: Report;
}

/**
 * The last report of each model: while somebody types in a file, most of its models stay what they were, further up or
 * down in it, and so do their numbers.
 */
export class ReportMemory {
  private readonly files = new Map<string, Map<string, Kept>>();

  /** The report that these settings give for the model, where they gave one for the same model at other places. */
  find(model: Model, settings: string): Report | undefined {
    const kept = this.files.get(model.file)?.get(model.entry);
    if (kept?.settings !== settings) return undefined;
    const moves = movesBetween(kept.model, model);
    if (moves === undefined) return undefined;
    if (moves.isEmpty) return kept.report;
    const lost: SourceRange[] = [];
    const report = withRanges(kept.report, (range) => {
      const now = moves.of(range);
      if (now === undefined) lost.push(range);
      return now ?? range;
    });
    return lost.length === 0 ? report : undefined;
  }

  keep(model: Model, settings: string, report: Report): void {
    const models = this.files.get(model.file) ?? new Map<string, Kept>();
    renew(this.files, model.file, models, mostFiles);
    renew(models, model.entry, { model, settings, report }, mostModels);
  }
}

/** Puts it last; what was put there longest ago goes. */
function renew<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
