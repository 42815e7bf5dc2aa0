import type { Place, Survey } from '../advice/recommendation/place.js';
import { isKnown, type Layer, type LayerActivation, type Model, type ValueId } from '../model/index.js';

/** Which activation a layer is, with its constants and the scale of the weights that feed it. */
export function layerActivations(
  model: Model,
  survey: Survey | undefined,
): (layer: Layer) => LayerActivation | undefined {
  const makers = new Map<ValueId, Place>();
  for (const place of survey?.places ?? []) for (const output of place.node.outputs) makers.set(output, place);
  return ({ nodes: [first, end] }) => {
    const node = model.graph.nodes[first];
    if (end - first !== 1 || node?.operation.kind !== 'activation') return undefined;
    const { name, constants } = node.operation;
    const [input] = node.inputs;
    const weightVariance = scaleOf(input === undefined ? undefined : makers.get(input));
    return { name, constants, ...(weightVariance !== undefined && { weightVariance }) };
  };
}

/** σw² = fan_in·E[w²]. */
function scaleOf(place: Place | undefined): number | undefined {
  const { fan, distribution } = place ?? {};
  if (fan?.fanIn === undefined || distribution === undefined || !isKnown(distribution)) return undefined;
  return fan.fanIn * (distribution.std ** 2 + distribution.mean ** 2);
}
