import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What a folder may not import; the direction is webview → protocol ← host → core. */
function forbid(files, folders, allowTypeImports = false) {
  const group = folders.map((folder) => `**/${folder}/**`);
  return {
    files,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group, allowTypeImports, message: 'Imports go one way: webview → protocol ← host → core.' }] },
      ],
    },
  };
}

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      'dist/',
      'out/',
      'coverage/',
      'test-results/',
      'src/wasm/',
      '.vscode-test*/',
      '**/*.d.ts',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,mts}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-console': 'error',
    },
  },
  // Indexes that a loop or a check just above bounds are asserted with `!`; the rule that asks for `!` over `as` stays.
  { files: ['src/core/**', 'scripts/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  // `Runtime` is the interpreter's public side; library code casts back where it needs the rest.
  {
    files: ['src/core/**'],
    rules: {
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  // VS Code's Disposable is a class, its other disposables are interfaces that look the same.
  { files: ['src/host/**'], rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' } },
  forbid(['src/core/**'], ['host', 'cli', 'worker', 'pool', 'protocol', 'webview']),
  forbid(['src/protocol/**'], ['host', 'cli', 'worker', 'pool', 'webview']),
  forbid(['src/pool/**'], ['host', 'cli', 'worker', 'webview']),
  forbid(['src/host/**', 'src/extension.ts'], ['webview', 'cli']),
  forbid(['src/cli/**'], ['host', 'webview', 'worker']),
  forbid(['src/worker/**'], ['host', 'webview', 'cli']),
  forbid(['webview/**'], ['host', 'cli', 'worker', 'pool', 'core']),
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'URLSearchParams',
          'setTimeout',
          'clearTimeout',
          'Buffer',
          'fetch',
          'performance',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  { files: ['src/cli/**', 'test/**', 'scripts/**'], rules: { 'no-console': 'off' } },
  { files: ['test/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
);
