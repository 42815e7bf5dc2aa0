import path from 'node:path';
import { readText } from './workspace.js';

/** Of the package that the program came in; empty where it stands alone. */
export function version(): string {
  const manifest: unknown = JSON.parse(readText(path.join(__dirname, '..', 'package.json')) ?? '{}');
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}
