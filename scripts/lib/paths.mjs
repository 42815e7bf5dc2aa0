import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const fromRoot = (...parts) => path.join(root, ...parts);
/** Everything that the scripts make, apart from the bundles themselves. */
export const out = fromRoot('out');
export const results = fromRoot('test-results');
