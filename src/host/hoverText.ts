import type { FailedEntry } from '../core/inspect.js';
import type { ParameterReport, Report, UnknownNote } from '../core/model/index.js';
import type { Hit } from '../protocol/atOffset.js';
import { t } from '../protocol/l10n.js';
import { formatCount, formatShape } from '../protocol/numbers.js';
import { isOpen } from '../protocol/question.js';
import { verdict } from '../protocol/verdict.js';
import { modelTitle } from '../protocol/words.js';
import { activationText } from './hoverActivation.js';
import { initializerText } from './hoverInitializer.js';
import { layersText } from './hoverLayers.js';
import { escape, type Links, where } from './hoverMarkdown.js';
import { parameterTable } from './hoverParameters.js';

export type { Links } from './hoverMarkdown.js';

/** The Markdown of a hover. */
export function hoverText(hit: Hit, links: Links): string {
  switch (hit.kind) {
    case 'layers':
      return layersText(hit, links);
    case 'parameter':
      return parameterText(hit.parameters, hit.report, links);
    case 'initializer':
      return initializerText(hit, links);
    case 'activation':
      return activationText(hit, links);
    case 'model':
      return modelText(hit.report, links);
    case 'failed':
      return failedText(hit.entry, links);
    case 'syntax':
      return t(
        '{0} could not read these lines: {1}. Definitions above and below are read without them.',
        '**InitScope**',
        escape(hit.message),
      );
    case 'unknown':
      return `**InitScope** · ${t('not known: {0}', escape(hit.reason))}${help(hit.report, links)}`;
  }
}

function parameterText(parameters: readonly ParameterReport[], report: Report, links: Links): string {
  const [first] = parameters;
  if (first === undefined) return '';
  const last = parameters.at(-1)?.name ?? '';
  const names =
    parameters.length === 1
      ? ` \`${first.name}\``
      : ` — ${t('{0} parameters here: {1}', parameters.length, `\`${first.name}\` … \`${last}\``)}`;
  const wild = parameters.some((p) => p.distribution.kind === 'uninitialized');
  return [
    `**${t('Parameter')}**${names} · ${escape(formatShape(first.shape))} · ${links.inspect(report)}`,
    parameterTable([{ items: parameters, label: () => t('entries') }], report, links),
    wild ? t('Uninitialized memory may hold anything, NaN too: draw it, or fill it, before it is used.') : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Where an answer of the user's may help. */
function help(report: Report | undefined, links: Links): string {
  return report !== undefined && isOpen(report) ? ` · ${links.setSizes(report.entry)}` : '';
}

function failedText(entry: FailedEntry, links: Links): string {
  const what = t('{0} could not build {1}: {2}', '**InitScope**', `\`${modelTitle(entry)}\``, escape(entry.reason));
  return `${what}${where(entry.range, links)} · ${links.setSizes(entry.entry)}`;
}

function modelText(report: Report, links: Links): string {
  const { text, remedy } = verdict(report);
  const steps = report.layers.length;
  const parts = [`**InitScope** \`${modelTitle(report)}\`${place(report, links)}`];
  if (steps > 0) parts.push(steps === 1 ? t('1 step') : t('{0} steps', formatCount(steps)));
  if (report.input.length > 0)
    parts.push(t('input {0}', report.input.map((shape) => `(${shape.join(', ')})`).join(', ')));
  parts.push(links.inspect(report));
  if (isOpen(report)) parts.push(links.setSizes(report.entry));
  return [
    parts.join(' · '),
    escape([text, remedy].filter((part) => part !== undefined).join(' ')),
    notesText(report.unknown, links),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Where the arguments were taken from. */
function place({ entryAt }: Report, links: Links): string {
  return entryAt === undefined ? '' : ` ${t('as in {0}', links.line(entryAt))}`;
}

/** What is not known of a model, a line each. */
function notesText(notes: readonly UnknownNote[], links: Links): string {
  const shown = notes
    .slice(0, 3)
    .map(({ reason, range }) => `**${t('Not known:')}** ${escape(reason)}${where(range, links)}`);
  if (notes.length > shown.length) shown.push(t('… and {0} more', notes.length - shown.length));
  return shown.join('  \n');
}
