import { readFile } from '../../src/core/read/read-file.js';
import type { Model } from '../../src/core/model/index.js';

/** The model called `model` of a Python text. */
export function modelFrom(text: string, input?: readonly (readonly number[])[], entry = 'model'): Model {
  const reading = readFile({ file: 'net.py', text, entry, input }, { roots: [], read: () => null });
  const [model] = reading.models;
  if (model === undefined) throw new Error(reading.failed.map((f) => f.reason).join('; '));
  return model;
}
