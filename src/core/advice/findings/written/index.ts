import type { Finding, Model } from '../../../model/index.js';
import { WRITTEN_RULES } from '../table.js';
import { writtenOf, type WrittenFile } from './written.js';

/** What is wrong with the initialization in a file, by how it is written. */
export function findingsInText(file: WrittenFile, models: readonly Model[]): Finding[] {
  if (models.length === 0) return [];
  const rules = WRITTEN_RULES.filter((rule) => rule.mentions.test(file.source));
  if (rules.length === 0) return [];
  const written = writtenOf(file, models);
  return rules.flatMap((rule) =>
    rule.find(written).map((cause) => ({
      code: rule.code,
      severity: cause.severity ?? rule.severity,
      range: cause.range,
      message: cause.message,
      layer: cause.layer,
      ...(cause.related && { related: cause.related }),
    })),
  );
}
