import { defaultThresholds, type Thresholds } from '../../config/config.js';
import type { Finding, Model, Severity } from '../../model/index.js';
import type { Survey } from '../recommendation/place.js';
import type { Rule } from './rule.js';
import { SIMULATED_RULES } from './rules/simulated/index.js';
import { subjectOf, type Simulated } from './subject.js';
import { CODE_RULES } from './table.js';

/** What is wrong with a model's initialization, by what its code sets and by what its simulation finds. */
export function findingsOf(
  survey: Survey,
  simulated: Simulated,
  thresholds: Thresholds = defaultThresholds,
): Finding[] {
  const { model } = survey;
  const subject = subjectOf(survey, simulated, thresholds);
  const found = (rule: Rule): Finding[] =>
    rule.find(subject).map((cause) => ({
      code: rule.code,
      severity: cause.severity ?? rule.severity,
      range: cause.range ?? model.definedAt,
      message: cause.message,
      layer: cause.layer,
      ...(cause.related && { related: cause.related }),
    }));
  // What follows a layer is not known where the trace broke off.
  const isTraced = model.graph.outputs.length > 0;
  const byCode = CODE_RULES.filter((rule) => isTraced || rule.needsNoForward === true).map((rule) => ({
    rule,
    findings: found(rule),
  }));
  const coded = byCode.flatMap(({ findings }) => findings);
  const causes = byCode.flatMap(({ rule, findings }) => (rule.explainsScale === true ? findings : []));
  // One finding a cause: what a named mistake explains is not told again as its consequence.
  if (!isTraced || isLoaded(model) || causes.some(isGrave)) return coded;
  const [effect] = gravest(SIMULATED_RULES.flatMap(found));
  if (effect === undefined) return coded;
  const cause = causes.find((f) => isSamePlace(f, effect));
  // A remark whose consequence is grave is so itself.
  if (cause !== undefined)
    return coded.map((f) => (f === cause ? { ...f, severity: gravest([effect, f])[0]!.severity } : f));
  return [...coded, effect];
}

function isGrave({ severity }: Finding): boolean {
  return severity === 'warning' || severity === 'error';
}

function isSamePlace({ range: a }: Finding, { range: b }: Finding): boolean {
  return a !== undefined && a.file === b?.file && a.cell === b.cell && a.start === b.start;
}

/** What a checkpoint brings is not known: the simulation is that of a model before it is loaded. */
function isLoaded({ parameters }: Model): boolean {
  const weights = parameters.filter((p) => p.shape.length > 1 && p.unregistered !== true);
  return weights.filter((p) => p.loaded).length * 2 > weights.length;
}

const ORDER: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/** The first of the highest severity. */
function gravest(findings: readonly Finding[]): Finding[] {
  for (const severity of ORDER) {
    const first = findings.find((f) => f.severity === severity);
    if (first !== undefined) return [first];
  }
  return [];
}
