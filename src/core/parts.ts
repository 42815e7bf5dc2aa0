import type { InspectRequest, Workspace } from './inspect.js';
import { DEFAULT_BATCH, type Model } from './model/index.js';
import { isPartOf } from './propagation/part-of-batch.js';
import { samplesFor } from './propagation/policy.js';
import { readFile } from './read/read-file.js';

/** Models of a file read once more with fewer samples, where `auto` can draw them only so. */
export class Parts {
  private readonly readings = new Map<number, readonly Model[]>();

  constructor(
    private readonly request: InspectRequest,
    private readonly workspace: Workspace,
    private readonly models: readonly Model[],
  ) {}

  /** The model, with its part where it needs one. */
  with(model: Model): Model {
    const { simulation, batch = DEFAULT_BATCH } = this.request;
    // A number of draws that was asked for is one of whole batches.
    if (simulation?.engine !== 'auto' || simulation.seeds !== undefined) return model;
    if (!model.input.some((shape) => shape[0] === 1)) return model;
    const samples = samplesFor(model, batch, simulation.memoryLimit, 1 / this.models.length);
    if (samples === batch) return model;
    const part = this.read(samples)[this.models.indexOf(model)];
    return part !== undefined && isPartOf(part, model) ? { ...model, part: { model: part, samples } } : model;
  }

  private read(samples: number): readonly Model[] {
    let models = this.readings.get(samples);
    if (models === undefined) {
      ({ models } = readFile({ ...this.request, batch: samples }, this.workspace));
      this.readings.set(samples, models);
    }
    return models;
  }
}
