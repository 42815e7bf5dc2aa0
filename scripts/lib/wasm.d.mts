import type { Plugin } from 'vitest/config';

export const viteKernels: Plugin;
