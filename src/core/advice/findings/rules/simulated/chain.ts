import type { LayerReport, RelatedPlace, SourceRange } from '../../../../model/index.js';
import type { Place } from '../../../recommendation/place.js';
import { factorOf, groupByCause } from '../../causes.js';
import type { Cause, Subject } from '../../rule.js';

/** A layer with weights that carries both values, and its first use. */
export interface Step {
  readonly place: Place;
  readonly layer: LayerReport;
  readonly forward: NonNullable<LayerReport['forward']>;
  readonly backward: NonNullable<LayerReport['backward']>;
}

/** From the input to the output. Embeddings are looked up, and come before. */
export function chain(s: Subject): Step[] {
  const steps = new Map<LayerReport, Step>();
  for (const place of s.places) {
    const layer = s.layerOf(place.index);
    if (!layer?.forward || !layer.backward || place.node.operation.kind === 'embedding' || steps.has(layer)) continue;
    steps.set(layer, { place, layer, forward: layer.forward, backward: layer.backward });
  }
  return [...steps.values()];
}

/** Fewer layers than this make no trend. */
const FEW = 4;

/** What the gradient's variance is at the first layer, and at the last. */
export interface Reach {
  readonly first: Step;
  readonly last: Step;
  readonly ratio: number;
  readonly layers: number;
}

/**
 * Gradient with respect to a layer's output; where a norm takes the scale off, with respect to the output at scale 1:
 * a smaller weight there makes the gradient before the norm larger, and trains no faster.
 */
function gradientAt({ place, forward, backward }: Step): number {
  return place.normNext ? backward.variance * forward.variance : backward.variance;
}

export function gradientReach(s: Subject): Reach | undefined {
  const steps = chain(s);
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined || steps.length < FEW) return undefined;
  const [atFirst, atLast] = [gradientAt(first), gradientAt(last)];
  // A zero-initialized end holds the gradient back at the first step only.
  return atFirst === 0 || atLast === 0 ? undefined : { first, last, ratio: atFirst / atLast, layers: steps.length };
}

/** The call that set the scale of most of what these layers do to the variance; undefined where it is the default, or no one call. */
function blamed(places: readonly Place[]): SourceRange | undefined {
  const size = (all: readonly Place[]): number =>
    all.reduce((sum, p) => sum + Math.abs(Math.log(Math.max(factorOf(p) ?? 1, Number.MIN_VALUE))), 0);
  const total = size(places);
  return groupByCause(places).find((g) => g.setBy.range !== undefined && size(g.places) > total / 2)?.setBy.range;
}

/** Where a finding about these steps is shown, and what a reader wants to see beside it. */
export function placed(
  s: Subject,
  steps: readonly Step[],
  { place, layer }: Step,
): Pick<Cause, 'range' | 'layer' | 'related'> {
  const range = blamed(steps.map((step) => step.place)) ?? s.model.definedAt;
  const related: RelatedPlace[] = [];
  const add = (message: string, at: SourceRange | undefined): void => {
    const isKnown = related.some((r) => r.range.file === at?.file && r.range.start === at.start);
    if (at !== undefined && at !== range && !isKnown) related.push({ message, range: at });
  };
  add(`\`${layer.name}\` is made here`, layer.declaredAt);
  add(`\`${place.parameter?.setBy.what}\` sets its weights`, place.parameter?.setBy.range);
  const { feeder } = place;
  const fed = feeder.node === undefined ? undefined : s.layerOf(feeder.node);
  add(`${feeder.label} feeds it`, fed?.declaredAt ?? fed?.calledAt);
  return { range, layer: layer.name, ...(related.length > 0 && { related }) };
}

/** Which initialization most layers have, where it is nobody's choice. */
export function because(s: Subject): string {
  const atDefault = s.places.filter((p) => p.parameter?.setBy.range === undefined).length;
  return atDefault * 2 > s.places.length
    ? " Most layers have PyTorch's default, σ² = 1/(3·fan_in), whatever activation feeds them."
    : '';
}
