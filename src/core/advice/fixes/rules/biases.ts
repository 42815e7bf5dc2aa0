import type { ParameterReport, Report, SourceRange } from '../../../model/index.js';
import { writeBehind } from '../definition.js';
import { Draft, type Sheet } from '../draft.js';
import type { Fixer } from '../fixer.js';
import { siteAt } from '../site.js';
import { commentAt, insertAfter, type Lines } from '../source/lines.js';
import { callText, type Spelled } from '../spell.js';
import { sameRange } from '../wanted.js';

/** `nn.init.zeros_(m.bias)` behind the call that sets the weight alone. */
export const zeroBesideWeight: Fixer = ({ finding: { range }, reports: [report], sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(range);
  const site = sheet && range && siteAt(sheet.document, sheet.imports, range);
  const module = site?.target.module;
  if (!report || !sheet || !site || module === undefined) return [];
  const weights = setAt(report, range);
  const biases = weights.map((w) => biasOf(w, report));
  // A bias that was given values on purpose would lose them.
  if (weights.length === 0 || biases.some((b) => b?.setBy.range)) return [];
  const zeros = `${sheet.imports.spell('torch.nn.init.zeros_')}(${module}.bias)`;
  const isHook = isArgument(sheet, range, module);
  const guard = guardOf({ module, report, weights, isHook, quote: sheet.document.quote });
  const lines: Lines = guard === undefined ? [zeros] : [`if ${guard} is not None:`, `\t${zeros}`];
  if (!draft.add(insertAfter(sheet.document, site.at, lines))) return [];
  return [draft.finish(`Set ${module}.bias to zero as well`, true)];
};

/** What a bias was shifted by, taken back: zeros in place of the number. */
export const zeroInstead: Fixer = ({ finding: { range }, reports: [report], sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(range);
  const site = sheet && range && siteAt(sheet.document, sheet.imports, range);
  if (!report || !site) return [];
  // The same call may fill a norm's factor, or a table.
  const isBias = setAt(report, range).every((p) => p.shape.length === 1 && /(?:^|[._])bias$/.test(p.name));
  if (!isBias || !draft.add(site.replace({ initializer: 'zeros_', arguments: {} }))) return [];
  return [draft.finish(`Start ${site.target.tensor} at zero`, true)];
};

/** As many positives as a detector sees are few; the share is the data's, so for the user to say. */
const SHARE = '0.01';

/** The bias of a head for rare positives: −ln((1−p)/p), so that sigmoid predicts p (Lin et al. 2017, section 4.1). */
export const priorBias: Fixer = ({ finding: { range, layer }, reports, sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(range);
  const report = reports.find((r) => r.parameters.some((p) => isHere(p, range) && p.name === `${layer ?? ''}.bias`));
  if (!range || !report || !sheet) return [];
  const { imports } = sheet;
  const spelled = (): Spelled => ({
    initializer: 'constant_',
    arguments: { val: `-${imports.spell('math.log')}((1 - ${SHARE}) / ${SHARE})` },
    comment: `${SHARE}: the share of positives`,
  });
  const own = setAt(report, range);
  const title = 'Start the head at the share of positives';
  if (own.length === 0) {
    const names = report.parameters.filter((p) => isHere(p, range) && p.name.endsWith('.bias')).map((p) => p.name);
    const isWritten = writeBehind({ range, names, report }, draft, (tensor) => [callText(spelled(), tensor, imports)]);
    return isWritten ? [draft.finish(title)] : [];
  }
  const site = siteAt(sheet.document, imports, range);
  // A call for several layers can't speak of one.
  if (own.length > 1 || !site || !draft.add(site.replace(spelled()))) return [];
  draft.add(commentAt(sheet.document, sheet.document.located(range).end, spelled().comment ?? ''));
  return [draft.finish(title)];
};

function isHere(p: ParameterReport, range: SourceRange | undefined): boolean {
  return sameRange(p.setBy.range ?? p.declaredAt, range);
}

function setAt({ parameters }: Report, range: SourceRange): ParameterReport[] {
  return parameters.filter((p) => sameRange(p.setBy.range, range));
}

function biasOf({ name }: ParameterReport, { parameters }: Report): ParameterReport | undefined {
  return parameters.find((p) => p.name === name.replace(/weight$/, 'bias'));
}

/** A function that gets modules one by one, or a loop over whatever there is, can't know that they have a bias. */
function isArgument({ document }: Sheet, range: SourceRange, module: string): boolean {
  return document.pathTo(range).some((n) => {
    if (n.type === 'FunctionDef')
      return [...n.args.positionalOnly, ...n.args.positional].some((p) => p.name === module);
    return (
      n.type === 'For' &&
      /\bmodules\(|children\(/.test(document.slice(n.iter)) &&
      document.slice(n.target).includes(module)
    );
  });
}

interface Guarded {
  readonly module: string;
  readonly report: Report;
  readonly weights: readonly ParameterReport[];
  readonly isHook: boolean;
  readonly quote: string;
}

/** What must not be None before the bias is set; undefined where every layer has one. */
function guardOf({ module, report, weights, isHook, quote }: Guarded): string | undefined {
  const typeOf = (w: ParameterReport): string | undefined =>
    report.modules.find((m) => `${m.name}.weight` === w.name)?.type;
  // Embeddings and RMSNorm know no bias, not even one that is None.
  const hasAttribute = weights.every(
    (w) => biasOf(w, report) !== undefined || /^(?:Linear|Conv|LayerNorm|BatchNorm)/.test(typeOf(w) ?? ''),
  );
  if (!hasAttribute) return `getattr(${module}, ${quote}bias${quote}, None)`;
  return isHook || weights.some((w) => !biasOf(w, report)) ? `${module}.bias` : undefined;
}
