import * as vscode from 'vscode';
import { DEEPEST, WIDEST, type LabModel } from '../../protocol/lab/index.js';
import { layerSizes } from '../../protocol/lab/sizes.js';
import type { Inspections } from '../inspections.js';
import { isPython, sourceOf } from '../source.js';

/** The models of open files, as far as they were inspected, with the sizes that experiments may take. */
export function labModels(inspections: Inspections): LabModel[] {
  const uris = new Map(
    vscode.workspace.textDocuments.filter(isPython).map((document) => {
      const { uri } = sourceOf(document);
      return [uri.toString(), uri] as const;
    }),
  );
  return [...uris].flatMap(([key, uri]) => {
    const { state } = inspections.peek(uri);
    if (state?.kind !== 'ready') return [];
    const file = uri.path.split('/').at(-1) ?? uri.path;
    return state.inspection.reports.flatMap((report): LabModel[] => {
      const found = layerSizes(report, WIDEST, DEEPEST);
      if (found === undefined) return [];
      const cut = cutOf(found.narrowed, found.omitted);
      const label = `${file}: ${report.entry}`;
      return [{ uri: key, entry: report.entry, label, sizes: [...found.sizes], ...(cut === '' ? {} : { cut }) }];
    });
  });
}

function cutOf(narrowed: number, omitted: number): string {
  const { t } = vscode.l10n;
  return [
    ...(narrowed > 0 ? [t('{0} sizes above {1} are taken as {1}', narrowed, WIDEST)] : []),
    ...(omitted > 0 ? [t('the last {0} layers are left out', omitted)] : []),
  ].join('; ');
}
