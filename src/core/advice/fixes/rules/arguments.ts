import { activationNamed, summarize } from '../../../propagation/activations/index.js';
import { factorOfSlope } from '../../findings/written/slope-scale.js';
import type { ast } from '../../../python/syntax/index.js';
import { Draft, type Sheet } from '../draft.js';
import type { Fixer } from '../fixer.js';
import { siteAt } from '../site.js';
import { argumentOf, changeArguments } from '../source/arguments.js';
import { commentAt, insertAfter } from '../source/lines.js';
import { below, dotted } from '../source/tree.js';
import { number, spell } from '../spell.js';
import { weightsAt } from '../wanted.js';
import { ownCall, titleOf } from './scale.js';

/** `a=0.2` with `nonlinearity='relu'`: whichever of the two the layers are not made for gives way. */
export const slopeIgnored: Fixer = ({ finding, reports: [report], sources }) => {
  const { range } = finding;
  if (!range || !report) return [];
  const feeders = weightsAt(report, finding).map((w) => w.recommended.fedBy);
  const leaky = feeders.some((f) => f?.activation === 'leaky_relu');
  const changed = (title: string, change: (quote: string) => Record<string, string | null>, preferred: boolean) => {
    const draft = new Draft(sources);
    const sheet = draft.sheet(range);
    const call = sheet && siteAt(sheet.document, sheet.imports, range)?.call;
    if (!call) return undefined;
    draft.add(changeArguments(sheet.document, call.node, call.name, change(sheet.document.quote)));
    return draft.finish(title, preferred);
  };
  const named = changed(
    "Use nonlinearity='leaky_relu', which reads a",
    (q) => ({ nonlinearity: `${q}leaky_relu${q}` }),
    leaky,
  );
  const bare = changed('Remove a, which has no effect', () => ({ a: null }), !leaky);
  return leaky ? [named, bare] : [bare, named];
};

/** Kaiming's fan_in is what a grouped convolution sums; Xavier has no way to say so. */
export const countInputs: Fixer = (c) => {
  const draft = new Draft(c.sources);
  const { range } = c.finding;
  const sheet = draft.sheet(range);
  const call = sheet && range && siteAt(sheet.document, sheet.imports, range)?.call;
  if (sheet === undefined || !call?.name.startsWith('kaiming_')) return ownCall(c);
  const { quote } = sheet.document;
  draft.add(changeArguments(sheet.document, call.node, call.name, { mode: `${quote}fan_in${quote}` }));
  return [draft.finish("Use mode='fan_in'", true)];
};

/** `a=math.sqrt(5) * scale`: the weights are multiplied by the scale, which makes them larger, not smaller. */
export const factorBehind: Fixer = ({ finding: { range }, sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(range);
  const site = sheet && range && siteAt(sheet.document, sheet.imports, range);
  const slope = site?.call && argumentOf(site.call.node, site.call.name, 'a');
  const factor = factorOfSlope(slope);
  if (!sheet || !site || slope?.type !== 'BinOp' || !factor || site.at.statement.type !== 'Expr') return [];
  const { document, imports } = sheet;
  const text = document.slice(factor);
  const root = factor === slope.left ? slope.right : slope.left;
  draft.add(document.edit(slope.start, slope.end, document.slice(root)));
  const lines = [`with ${imports.spell('torch.no_grad')}():`, `\t${site.target.tensor}.mul_(${text})`];
  if (!draft.add(insertAfter(document, site.at, lines))) return [];
  return [draft.finish(`Multiply the weights by ${text} instead of the slope`, true)];
};

/** A name that `calculate_gain` doesn't know: the gain as a number. */
export const unsupportedGain: Fixer = ({ finding, sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(finding.range);
  const path = sheet && finding.range && sheet.document.pathTo(finding.range);
  const call = path?.filter((n): n is ast.Call => n.type === 'Call').at(-1);
  if (!sheet || !call) return [];
  for (const node of below([call])) {
    if (node.type !== 'Call') continue;
    const name = dotted(node.func)?.split('.').at(-1) ?? '';
    if (name === 'calculate_gain') return [gainAsNumber(sheet, node, draft)];
    if (name.startsWith('kaiming_')) return [scaledInstead(sheet, node, name, draft)];
  }
  return [];
};

function gainAsNumber({ document }: Sheet, call: ast.Call, draft: Draft) {
  const known = gainNamed(argumentOf(call, 'calculate_gain', 'nonlinearity'));
  if (!known) return undefined;
  draft.add(document.edit(call.start, call.end, number(known.gain)));
  draft.add(commentAt(document, call.end, `gain of ${known.label}`));
  return draft.finish(`Use ${number(known.gain)}, the gain of ${known.label}`, true);
}

function scaledInstead(sheet: Sheet, call: ast.Call, name: string, draft: Draft) {
  const known = gainNamed(argumentOf(call, name, 'nonlinearity'));
  const { document, imports } = sheet;
  const range = document.edit(call.start, call.end, '');
  const site = siteAt(document, imports, { ...range, line: 0 });
  if (!known || !site) return undefined;
  const mode = argumentOf(call, name, 'mode');
  const isOut = mode?.type === 'Constant' && mode.value === 'fan_out';
  const draw = {
    kind: 'scaled',
    gain: known.gain,
    mode: isOut ? 'fan_out' : 'fan_in',
    note: `gain of ${known.label}`,
  } as const;
  const spelled = spell(draw, { ...site.target, type: 'several' }, sheet);
  draft.add(site.replace(spelled));
  draft.add(commentAt(document, call.end, draw.note));
  return draft.finish(titleOf(spelled), true);
}

function gainNamed(e: ast.Expression | undefined): { readonly gain: number; readonly label: string } | undefined {
  const activation = e?.type === 'Constant' && typeof e.value === 'string' ? activationNamed(e.value) : undefined;
  if (activation === undefined) return undefined;
  return { gain: 1 / Math.sqrt(summarize(activation, activation.constants).second), label: activation.label };
}
