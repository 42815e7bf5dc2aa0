import type { Refactoring, Report, SourceRange } from '../../model/index.js';
import type { Wanted } from './draw.js';
import { Draft, type Sources } from './draft.js';
import { redraw } from './redraw.js';
import { titleOf } from './rules/scale.js';
import { commonDraw, isNeeded, sameRange, wantedByParameter } from './wanted.js';

/**
 * For each definition whose layers are not initialized as recommended: the line that does it, behind the definition or,
 * where a call for them alone is there, in its place.
 */
export function layerRefactorings(
  report: Report,
  sources: Sources,
  isWanted: (definition: SourceRange) => boolean = () => true,
): Refactoring[] {
  const all = [...wantedByParameter(report).values()];
  return byDefinition(all.filter(isNeeded)).flatMap(({ range }) => {
    if (!isWanted(range)) return [];
    const weights = all.filter((w) => sameRange(w.parameter.declaredAt, range));
    const draw = commonDraw(weights);
    const draft = new Draft(sources);
    if (draw === undefined) return [];
    const call = ownCall(weights, all);
    if (call === null) return [];
    const spelled = redraw({ range: call ?? range, draw, weights, report }, draft);
    const fix = spelled && draft.finish(titleOf(spelled).replace(/^Use/, 'Initialize by'));
    return fix ? [{ on: 'layer', range, fix }] : [];
  });
}

/** The one call that sets these weights and no others; undefined where they are at their default, null where calls are shared. */
function ownCall(weights: readonly Wanted[], all: readonly Wanted[]): SourceRange | null | undefined {
  const call = weights[0]?.parameter.setBy.range;
  if (weights.some((w) => w.parameter.setBy.range !== call && !sameRange(w.parameter.setBy.range, call))) return null;
  if (call === undefined) return undefined;
  return all.some((w) => sameRange(w.parameter.setBy.range, call) && !weights.includes(w)) ? null : call;
}

function byDefinition(weights: readonly Wanted[]): { readonly range: SourceRange }[] {
  const ranges: { range: SourceRange }[] = [];
  for (const { parameter } of weights) {
    const range = parameter.declaredAt;
    if (range && !ranges.some((r) => sameRange(r.range, range))) ranges.push({ range });
  }
  return ranges;
}
