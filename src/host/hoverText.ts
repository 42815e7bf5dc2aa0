import type { FailedEntry } from '../core/inspect.js';
import type { ParameterReport, Report, UnknownNote } from '../core/model/index.js';
import type { Hit } from '../protocol/atOffset.js';
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
      return `**InitScope** could not read these lines: ${escape(hit.message)}. Definitions above and below are read without them.`;
    case 'unknown':
      return `**InitScope** · not known: ${escape(hit.reason)}${help(hit.report, links)}`;
  }
}

function parameterText(parameters: readonly ParameterReport[], report: Report, links: Links): string {
  const [first] = parameters;
  if (first === undefined) return '';
  const last = parameters.at(-1)?.name ?? '';
  const names =
    parameters.length === 1
      ? ` \`${first.name}\``
      : ` — ${parameters.length} parameters here: \`${first.name}\` … \`${last}\``;
  const wild = parameters.some((p) => p.distribution.kind === 'uninitialized');
  return [
    `**Parameter**${names} · ${escape(formatShape(first.shape))} · ${links.inspect(report)}`,
    parameterTable([{ items: parameters, label: () => 'entries' }], report, links),
    wild ? 'Uninitialized memory may hold anything, NaN too: draw it, or fill it, before it is used.' : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Where an answer of the user's may help. */
function help(report: Report | undefined, links: Links): string {
  return report !== undefined && isOpen(report) ? ` · ${links.setSizes(report.entry)}` : '';
}

function failedText(entry: FailedEntry, links: Links): string {
  return `**InitScope** could not build \`${modelTitle(entry)}\`: ${escape(entry.reason)}${where(entry.range, links)} · ${links.setSizes(entry.entry)}`;
}

function modelText(report: Report, links: Links): string {
  const { text, remedy } = verdict(report);
  const steps = report.layers.length;
  const parts = [`**InitScope** \`${modelTitle(report)}\`${place(report, links)}`];
  if (steps > 0) parts.push(`${formatCount(steps)} ${steps === 1 ? 'step' : 'steps'}`);
  if (report.input.length > 0) parts.push(`input ${report.input.map((shape) => `(${shape.join(', ')})`).join(', ')}`);
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
  return entryAt === undefined ? '' : ` as in ${links.line(entryAt)}`;
}

/** What is not known of a model, a line each. */
function notesText(notes: readonly UnknownNote[], links: Links): string {
  const shown = notes.slice(0, 3).map(({ reason, range }) => `**Not known:** ${escape(reason)}${where(range, links)}`);
  if (notes.length > shown.length) shown.push(`… and ${notes.length - shown.length} more`);
  return shown.join('  \n');
}
