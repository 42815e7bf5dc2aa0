import type { Inspection } from '../core/inspect.js';
import type { ParameterReport, Report, SourceRange } from '../core/model/index.js';
import { describeDistribution, describeSetBy, layerParameters } from '../protocol/words.js';
import { span } from './hoverMarkdown.js';
import { groupBy } from './hoverParameters.js';

export interface SigmaHint {
  /** The hint stands at its end. */
  readonly at: SourceRange;
  readonly label: string;
  readonly tooltip: string;
}

/** One hint an expression that makes weights: `σ 0.0183`, or `σ 0.577 … 0.0316` where a loop makes several. */
export function sigmaHints({ reports }: Inspection): SigmaHint[] {
  const made = reports.flatMap((report) => {
    // The call that makes a layer makes its parameters; an `nn.Parameter(…)` stands by itself.
    const layers = new Set(report.modules.flatMap(({ declaredAt }) => placeOf(declaredAt) ?? []));
    return [
      ...report.modules.map((module) => madeAt(module.declaredAt, layerParameters(module, report).weight, report)),
      ...report.parameters.map((p) =>
        layers.has(placeOf(p.declaredAt) ?? '') ? undefined : madeAt(p.declaredAt, p, report),
      ),
    ];
  });
  const groups = groupBy(
    made.flatMap((m) => m ?? []),
    ({ at }) => placeOf(at) ?? '',
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const stds = group.flatMap(({ weight }) => weight.distribution.std ?? []);
    if (first === undefined || stds.length < group.length) return [];
    const tooltip = `${describeDistribution(first.weight.distribution)}, ${describeSetBy(first.weight, first.report)}`;
    return [{ at: first.at, label: `σ ${span(stds).replace('→', '…')}`, tooltip }];
  });
}

function placeOf(at: SourceRange | undefined): string | undefined {
  return at && `${at.file} ${at.cell ?? ''} ${at.start} ${at.end}`;
}

interface Made {
  readonly at: SourceRange;
  readonly weight: ParameterReport;
  readonly report: Report;
}

function madeAt(at: SourceRange | undefined, weight: ParameterReport | undefined, report: Report): Made | undefined {
  return at === undefined || weight === undefined ? undefined : { at, weight, report };
}
