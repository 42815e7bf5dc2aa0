import { defineConfig } from 'vitest/config';
import { viteSources } from './scripts/lib/sources.mjs';

export default defineConfig({
  plugins: viteSources,
  test: {
    include: ['test/{unit,golden,property,parity,cli}/**/*.test.ts', 'test/webview/**/*.test.ts'],
    testTimeout: 20_000,
  },
});
