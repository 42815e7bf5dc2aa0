import type { Place } from '../../recommendation/place.js';
import { frequencyAfter } from '../../recommendation/sine.js';
import { named } from '../causes.js';
import type { Rule } from '../rule.js';
import { short } from '../words.js';

export const sineDefault: Rule = {
  code: 'IS132',
  name: 'sine-default',
  severity: 'warning',
  explainsScale: true,
  find(s) {
    const sines = s.places.flatMap((p) => {
      const omega = frequencyAfter(s.wiring, p.node.outputs[0]!);
      return omega === undefined ? [] : [{ place: p, omega }];
    });
    const isSine = new Set(sines.map(({ place }) => place));
    const fedBySine = (p: Place): boolean => p.feeder.activation?.activation.name === 'sin';
    const hidden = sines.filter(
      ({ place }) => isSine.has(place) && fedBySine(place) && place.parameter?.setBy.range === undefined,
    );
    const [first] = hidden;
    const std = first?.place.distribution?.std;
    const fanIn = first?.place.fan.fanIn;
    if (!first || std === undefined || fanIn === undefined) return [];
    const { omega, place } = first;
    // A sine of a wide argument has E[sin²] = 1/2.
    const variance = (omega ** 2 * fanIn * std ** 2) / 2;
    if (variance > 0.5 && variance < 2) return [];
    const effect =
      variance > 1
        ? 'the sine turns many times over neighbouring inputs, which come out unrelated'
        : 'the sine is nearly linear there, and the signal fades layer by layer';
    return [
      {
        range: place.parameter?.declaredAt,
        layer: s.layerOf(place.index)?.name,
        message: `${named(
          s,
          hidden.map((h) => h.place),
        )} ${hidden.length === 1 ? 'stands' : 'stand'} between sines at PyTorch's default, U(±1/√fan_in): the argument of sin(${omega === 1 ? '' : `${short(omega)}·`}z) gets a variance of about ${short(variance)} instead of 1; ${effect}. SIREN draws U(±√(6/fan_in)${omega === 1 ? '' : `/${short(omega)}`}), and U(±1/fan_in) for the first layer.`,
      },
    ];
  },
};
