import type { Report } from '../../src/protocol/model.js';
import type { ToHost } from '../../src/protocol/panel.js';
import type { Picture } from '../chart/picture.js';
import { t } from '../../src/protocol/l10n.js';
import type { Line } from '../table/columns.js';
import { pngOf, svgOf } from './image.js';
import type { ExportKind } from './menu.js';
import { pytorchCheck } from './pytorchCheck.js';
import { csvOf, jsonOf, markdownOf } from './tables.js';

export interface Taken {
  readonly report: Report;
  readonly finite: Report | undefined;
  readonly compared: Report | undefined;
  readonly lines: readonly Line[];
  readonly picture: Picture;
  readonly description: string;
  readonly path: string;
}

/** What the host is asked to save or to copy. */
export function takeAway(kind: ExportKind, taken: Taken): ToHost {
  const { report, finite, compared, lines, picture, description, path } = taken;
  const base = (path.split('/').at(-1) ?? '').replace(/\.\w+$/, '').replaceAll(/[^\w.-]/g, '_') || 'model';
  const save = (ending: string, content: string, encoding: 'utf8' | 'base64' = 'utf8'): ToHost => ({
    type: 'save',
    name: `${base}.${ending}`,
    content,
    encoding,
  });
  switch (kind) {
    case 'png':
      return save('png', pngOf(picture), 'base64');
    case 'svg':
      return save('svg', svgOf(picture, description));
    case 'csv':
      return save('csv', csvOf(lines));
    case 'json':
      return save('json', jsonOf(report, path, { finite, compared }));
    case 'markdown':
      return { type: 'copy', text: markdownOf(lines, report), what: t('Markdown') };
    case 'pytorch':
      return { type: 'copy', text: pytorchCheck(report, path), what: t('PyTorch check') };
  }
}
