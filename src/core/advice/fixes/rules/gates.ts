import type { Finding, Fix, ParameterReport, Report, SourceRange } from '../../../model/index.js';
import type { ast } from '../../../python/syntax/index.js';
import { writeBehind } from '../definition.js';
import { Draft, type Sheet } from '../draft.js';
import type { Fixer } from '../fixer.js';
import { siteAt } from '../site.js';
import { standing } from '../source/document.js';
import { wrap } from '../source/lines.js';
import type { Node } from '../source/tree.js';
import { sameRange } from '../wanted.js';

const INPUT_BIAS = /(?:^|\.)bias_ih(?:_l0)?$/;

/** The forget gate of an LSTM starts at 1: PyTorch adds two biases, so one of them at 1 and the other at 0. */
export const forgetGate: Fixer = ({ finding, reports: [report], sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(finding.range);
  if (!sheet || !report || !finding.range) return [];
  const biases = report.parameters.filter(
    (p) => INPUT_BIAS.test(p.name) && sameRange(p.setBy.range ?? p.declaredAt, finding.range),
  );
  const isDefault = biases.every((p) => p.setBy.range === undefined);
  return biases.length === 0
    ? []
    : [isDefault ? behind({ biases, report, range: finding.range }, draft) : once(sheet, finding, draft)];
};

interface Default {
  readonly range: SourceRange;
  readonly biases: readonly ParameterReport[];
  readonly report: Report;
}

/** Lines behind the definition of the layer, or of a list of them. */
function behind({ biases, report, range }: Default, draft: Draft): Fix | undefined {
  const isWritten = writeBehind({ range, names: biases.map((p) => p.name), report }, draft, (tensor, sheet) => {
    const constant = sheet.imports.spell('torch.nn.init.constant_');
    const { quote } = sheet.document;
    const gate = 'p[p.size(0) // 4 : p.size(0) // 2]';
    return [
      `for name, p in ${tensor.replace(/\.bias_ih(?:_l0)?$/, '')}.named_parameters():`,
      `\tif name.startswith(${quote}bias_ih${quote}):`,
      `\t\t${constant}(${gate}, 1.0)  # gates stand as input, forget, cell, output`,
      `\telif name.startswith(${quote}bias_hh${quote}):`,
      `\t\t${constant}(${gate}, 0.0)  # the two biases are added`,
    ];
  });
  return isWritten ? draft.finish('Start the forget gate at 1', true) : undefined;
}

/** Both biases are set to 1 by one statement in a loop over names: only the one of the input is. */
function once({ document, imports }: Sheet, { range }: Finding, draft: Draft): Fix | undefined {
  const path = range && document.pathTo(range);
  const at = path && standing(document, path);
  const name = path && nameInLoop(path);
  if (!range || !at || name === undefined) return undefined;
  const site = siteAt(document, imports, range);
  // A loop that sets the whole bias says nothing of gates: what it does for other layers is not known here.
  const isPart = at.statement.type === 'Assign' || site !== undefined;
  if (!isPart || !/\[[^\]]*:[^\]]*\]/.test(document.slice(at.statement))) return undefined;
  draft.add(wrap(document, at, `if ${document.quote}bias_ih${document.quote} in ${name}:`));
  return draft.finish('Set one of the two biases alone', true);
}

/** `name` in `for name, p in lstm.named_parameters():`. */
function nameInLoop(path: readonly Node[]): string | undefined {
  const loop = path.filter((n): n is ast.For => n.type === 'For').at(-1);
  if (loop?.target.type !== 'Tuple' || loop.iter.type !== 'Call') return undefined;
  const [name] = loop.target.elements;
  const { func } = loop.iter;
  return name?.type === 'Name' && func.type === 'Attribute' && func.attr === 'named_parameters' ? name.id : undefined;
}
