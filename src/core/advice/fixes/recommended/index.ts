import type { Fix, Recommendation, Report } from '../../../model/index.js';
import { Draft, type Sources } from '../draft.js';
import { written } from '../source/lines.js';
import { redraw } from '../redraw.js';
import { appliedIn, homeOf, type Home } from './home.js';
import { exceptionLines, typeLines } from './lines.js';
import { isEmpty, planFor, type Plan, type TypeRule } from './plan.js';

/**
 * Brings a whole model to its recommended initialization: changes the calls that are there, and writes an
 * `_init_weights` for what is at its default. What a norm absorbs, and what was chosen by hand and fits, stays.
 */
export function applyRecommended(report: Report, sources: Sources): Fix | undefined {
  const recommended = report.layers.flatMap((l) => l.recommended ?? []);
  // No initialization carries a gradient through a stack of sigmoids; of sines, only those of a SIREN are known to want one.
  const isSiren = recommended.some((r) => r.init === 'siren_uniform');
  if (recommended.some((r) => r.init === 'normalize' || (isSine(r) && !isSiren))) return undefined;
  const plan = planFor(report);
  if (isEmpty(plan)) return undefined;
  const draft = new Draft(sources);
  for (const { range, draw, weights } of plan.calls)
    if (!redraw({ range, draw, weights, report }, draft)) return undefined;
  if (plan.types.length + plan.exceptions.length > 0 && !writeRules(plan, report, draft)) return undefined;
  // A variable without a class of its own is known by its name.
  const home = homeOf(report, draft);
  const name = home && !home.classDef ? home.model : report.className;
  return draft.finish(`Apply recommended initialization to ${name}`);
}

function writeRules({ types, exceptions }: Plan, report: Report, draft: Draft): boolean {
  const home = homeOf(report, draft);
  if (home === undefined) return false;
  const { sheet, model } = home;
  const byName = exceptionLines(exceptions, { report, sheet, model, withBias: types.length === 0 });
  if (byName === undefined) return false;
  if (types.length === 0) return draft.add(home.write(byName));
  if (extendApplied(types, home, draft)) return byName.length === 0 || draft.add(home.write(byName));
  const body = types.flatMap((rule, i) => typeLines(rule, sheet, 'module', i === 0 ? 'if' : 'elif'));
  const statements = [`${model}.apply(${home.named(home.freeName)})`, ...byName];
  return draft.add(home.write(statements, { name: home.freeName, body }));
}

/** Gives the function that is applied already branches for more types. */
function extendApplied(types: readonly TypeRule[], home: Home, draft: Draft): boolean {
  const applied = appliedIn(home);
  if (applied === undefined) return false;
  const { document } = home.sheet;
  const chain = document.text.slice(applied.first.start, applied.last.end);
  if (types.some((rule) => rule.types.some((type) => new RegExp(`\\b${type}\\b`).test(chain)))) return false;
  const lines = types.flatMap((rule) => typeLines(rule, home.sheet, applied.module, 'elif'));
  const end = document.lineEnd(applied.last.end);
  return draft.add(document.edit(end, end, written(document, lines, document.indentAt(applied.first.start))));
}

function isSine({ fedBy }: Recommendation): boolean {
  return fedBy?.activation === 'sin' || fedBy?.label.startsWith('sin') === true;
}
