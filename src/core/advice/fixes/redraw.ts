import type { Report, SourceRange } from '../../model/index.js';
import { drawBehind } from './definition.js';
import { fanOf, gainOf, type Draw, type Wanted } from './draw.js';
import type { Draft, Sheet } from './draft.js';
import { siteAt, type Site } from './site.js';
import { commentAt } from './source/lines.js';
import { number, spell, type Spelled } from './spell.js';

/** A call, and how the weights that it sets are to be drawn. */
export interface Redrawn {
  readonly range: SourceRange;
  readonly draw: Draw;
  readonly weights: readonly Wanted[];
  readonly report: Report;
}

/** Changes the call that sets some weights so that it draws them as told; the words that it now has, or nothing. */
export function redraw(redrawn: Redrawn, draft: Draft): Spelled | undefined {
  const { range, draw, weights } = redrawn;
  // At its default, or `nn.Parameter(torch.randn(…))`: drawn anew behind.
  if (weights.length > 0 && weights.every((w) => isWithin(w.parameter.setBy.range ?? range, w.parameter.declaredAt)))
    return drawBehind(redrawn, draft);
  const sheet = draft.sheet(range);
  const types = new Set(weights.map((w) => w.type));
  const site = sheet && siteAt(sheet.document, sheet.imports, range, types.size === 1 ? [...types][0] : 'several');
  if (sheet === undefined || site === undefined) return undefined;
  const spelled =
    withGain({ draw, weights }, site, sheet) ?? spell(draw, site.target, { ...sheet, uniform: site.isUniform });
  if (!draft.add(site.replace(spelled))) return undefined;
  const { end } = sheet.document.located(range);
  if (spelled.comment !== undefined) draft.add(commentAt(sheet.document, end, spelled.comment));
  return spelled;
}

/** Xavier keeps its name where a gain is all that it lacks; ReLU and its like have an initialization of their own. */
function withGain(
  { draw, weights }: Pick<Redrawn, 'draw' | 'weights'>,
  { call }: Site,
  sheet: Sheet,
): Spelled | undefined {
  const gain = gainOf(draw);
  if (!call?.name.startsWith('xavier_') || gain === undefined) return undefined;
  if (draw.kind === 'kaiming' && draw.nonlinearity !== 'tanh') return undefined;
  const isRight = ({ parameter, recommended: { std } }: Wanted): boolean => {
    const fans = (fanOf(parameter, 'fan_in') ?? NaN) + (fanOf(parameter, 'fan_out') ?? NaN);
    return std !== undefined && Math.abs((gain * Math.sqrt(2 / fans)) / std - 1) <= 0.1;
  };
  // The first layer reads data and the last may be smaller: what stands between them counts.
  const between = weights.filter((w) => w.recommended.fedBy?.kind === 'activation').slice(0, -1);
  if (between.length === 0 || !between.every(isRight)) return undefined;
  const { quote } = sheet.document;
  const { func } = call.node;
  const calculateGain =
    func.type === 'Attribute'
      ? `${sheet.document.slice(func.value)}.calculate_gain`
      : sheet.imports.spell('torch.nn.init.calculate_gain');
  const initializer = call.name.endsWith('_') ? call.name : `${call.name}_`;
  return draw.kind === 'kaiming'
    ? { initializer, arguments: { gain: `${calculateGain}(${quote}tanh${quote})` } }
    : { initializer, arguments: { gain: number(gain) }, ...(draw.kind === 'scaled' && { comment: draw.note }) };
}

function isWithin(a: SourceRange, b: SourceRange | undefined): boolean {
  return b?.file === a.file && b.cell === a.cell && b.start <= a.start && a.end <= b.end;
}
