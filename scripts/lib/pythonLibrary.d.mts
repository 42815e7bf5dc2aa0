import type { Plugin } from 'esbuild';

export function packPython(source: string): Promise<string>;
export const pythonLibrary: Plugin;
