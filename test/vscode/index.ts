import 'mocha/mocha.js';
import { LineReporter } from './reporter.js';

/** Entry of the suite in every host: VS Code calls `run`. */
export async function run(): Promise<void> {
  (globalThis as { location?: unknown }).location ??= { search: '' };
  mocha.setup({ ui: 'bdd', timeout: 60_000, reporter: LineReporter });
  await import('./suite.js');
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => {
      if (failures > 0) reject(new Error(`${failures} failed`));
      else resolve();
    });
  });
}
