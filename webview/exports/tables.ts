import type { Report } from '../../src/protocol/model.js';
import { describeDistribution, describeSetBy, layerParameters, modelTitle } from '../../src/protocol/words.js';
import { verdict } from '../../src/protocol/verdict.js';
import { reportToJson } from '../../src/protocol/json.js';
import { columns, type Line } from '../table/columns.js';

/** Every layer with every number in full digits, for programs and spreadsheets. */
export function csvOf(lines: readonly Line[]): string {
  const rows = lines.map((line) => recordOf(line));
  const names = Object.keys(rows[0] ?? {});
  return (
    [names.join(','), ...rows.map((row) => names.map((name) => quoted(row[name])).join(','))].join('\r\n') + '\r\n'
  );
}

type Cell = number | string | undefined;

function recordOf({ row, layer, report, finite, drawn, compared }: Line): Record<string, Cell> {
  const { weight } = layerParameters(layer, report);
  const ratio = drawn && finite && layerParameters(drawn, finite).weight?.gradient?.ratio;
  const band = drawn?.finite;
  return {
    step: row.index + 1,
    layer: row.id,
    type: layer.type,
    line: (layer.declaredAt ?? layer.calledAt)?.line,
    residual: layer.residual,
    input_shape: layer.inputShape.join('x'),
    output_shape: layer.outputShape.join('x'),
    weight_shape: weight?.shape.join('x'),
    fan_in: weight?.fanIn,
    fan_out: weight?.fanOut,
    init: weight && describeDistribution(weight.distribution, { plain: true }),
    set_by: weight && describeSetBy(weight, report),
    set_at_line: weight?.setBy.range?.line,
    std: weight?.distribution.std,
    forward_mean: layer.forward?.mean,
    forward_variance: layer.forward?.variance,
    pre_activation_variance: layer.forward?.preVariance,
    gradient_variance: layer.backward?.variance,
    forward_variance_p10: band?.forwardVariance.low,
    forward_variance_median: band?.forwardVariance.median,
    forward_variance_p90: band?.forwardVariance.high,
    gradient_variance_p10: band?.backwardVariance?.low,
    gradient_variance_median: band?.backwardVariance?.median,
    gradient_variance_p90: band?.backwardVariance?.high,
    gradient_to_weight: ratio?.median,
    saturated: band?.saturated,
    dead: band?.dead,
    correlation: band?.correlation,
    compared_forward_variance: compared?.forward?.variance,
    compared_gradient_variance: compared?.backward?.variance,
    recommended: layer.recommended?.init,
    recommended_std: layer.recommended?.std,
    satisfied: layer.recommended === undefined ? undefined : String(layer.recommended.satisfied),
  };
}

function quoted(cell: Cell): string {
  const text = cell === undefined ? '' : String(cell);
  // A cell that begins with = + - @ is a formula to spreadsheets; layers' names may.
  const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What `initscope inspect --json` prints of the model, and the comparison if there is one. */
export function jsonOf(
  report: Report,
  file: string,
  more: { finite?: Report | undefined; compared?: Report | undefined },
): string {
  const json = reportToJson(report, file, [], []);
  const finite = more.finite && reportToJson(more.finite, file, [], []);
  const compared = more.compared && { ...reportToJson(more.compared, file, [], []), whatIf: more.compared.whatIf };
  return `${JSON.stringify({ ...json, ...(finite && { finite }), ...(compared && { compared }) }, null, 2)}\n`;
}

export function markdownOf(lines: readonly Line[], report: Report): string {
  const { text, remedy } = verdict(report);
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `**${modelTitle(report)}**: ${text}${remedy === undefined ? '' : ` ${remedy}`}`,
    '',
    row(columns.map(({ title }) => title())),
    row(columns.map((column) => (column.class?.includes('number') === true ? '--:' : '---'))),
    ...lines.map((line) => row(columns.map((column) => column.text(line)))),
    '',
  ].join('\n');
}
