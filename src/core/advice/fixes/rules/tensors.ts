import type { ParameterReport, Report } from '../../../model/index.js';
import { drawFor, type Wanted } from '../draw.js';
import { Draft, type Sheet } from '../draft.js';
import type { Fixer } from '../fixer.js';
import { definedBy } from '../definition.js';
import { pathExpression } from '../recommended/lines.js';
import { siteAt } from '../site.js';
import { standing } from '../source/document.js';
import { insertAfter } from '../source/lines.js';
import { callText, spell, type Spelled } from '../spell.js';
import { sameRange, wantedByParameter } from '../wanted.js';

/** The row of the padding index set to zero again, behind the call that filled it. */
export const zeroPadding: Fixer = ({ finding, sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(finding.range);
  const site = sheet && finding.range && siteAt(sheet.document, sheet.imports, finding.range);
  const module = site?.target.module;
  if (!sheet || !site || module === undefined) return [];
  const zeros = `${sheet.imports.spell('torch.nn.init.zeros_')}(${module}.weight[${module}.padding_idx])`;
  // A function for many modules sees embeddings without a padding index, too.
  const lines = module.includes('.') ? [zeros] : [`if ${module}.padding_idx is not None:`, `\t${zeros}`];
  if (!draft.add(insertAfter(sheet.document, site.at, lines))) return [];
  return [draft.finish('Set the padding row to zero again', true)];
};

/** Every parameter that holds whatever was in memory, initialized where it is made. */
export const initializeEmpty: Fixer = ({ reports: [report], sources }) => {
  if (!report) return [];
  const draft = new Draft(sources);
  const wanted = wantedByParameter(report);
  const done: ParameterReport[] = [];
  const names: string[] = [];
  for (const [id, p] of report.parameters.entries()) {
    if (p.distribution.kind !== 'uninitialized' || p.unregistered || p.shape.includes(0)) continue;
    if (!done.some((d) => sameRange(d.declaredAt, p.declaredAt))) {
      const sheet = draft.sheet(p.declaredAt);
      if (!sheet || !writeBehind(sheet, { p, wanted: wanted.get(id), report }, draft)) return [];
      done.push(p);
    }
    names.push(p.name);
  }
  const title = names.length === 1 ? `Initialize ${names[0]!}` : `Initialize ${names.length} parameters`;
  return [draft.finish(title, true)];
};

interface Empty {
  readonly p: ParameterReport;
  readonly wanted: Wanted | undefined;
  readonly report: Report;
}

function writeBehind(sheet: Sheet, { p, wanted, report }: Empty, draft: Draft): boolean {
  const { document, imports } = sheet;
  const at = p.declaredAt && standing(document, document.pathTo(p.declaredAt));
  const together = report.parameters.filter((q) => sameRange(q.declaredAt, p.declaredAt)).map((q) => q.name);
  const defined = at && definedBy(sheet, at, together, report);
  if (!at || !defined) return false;
  const tensor = defined.isList ? 'p' : pathExpression(defined.target, defined.rest);
  if (tensor === undefined || (defined.isList && defined.rest !== '')) return false;
  const call = callText(drawing(sheet, p, wanted, tensor), tensor, imports);
  return draft.add(insertAfter(document, at, defined.isList ? [`for p in ${defined.target}:`, `\t${call}`] : [call]));
}

/** What a parameter is drawn from: as recommended where it is a weight; else by how many axes, and what name, it has. */
function drawing(sheet: Sheet, p: ParameterReport, wanted: Wanted | undefined, tensor: string): Spelled {
  const draw = wanted && drawFor(wanted);
  if (draw) return spell(draw, { tensor }, sheet);
  if (p.shape.length >= 2) return { initializer: 'xavier_uniform_', arguments: {} };
  const isFactor = /(?:^|[._])(?:weight|gamma|scale|g)$/.test(p.name);
  return { initializer: isFactor ? 'ones_' : 'zeros_', arguments: {} };
}
