/** The host's own log runs along: lines of the suite are marked. */
export function say(text: string): void {
  console.log(text.replace(/^/gm, '[suite] '));
}

/** Prints a line a test and ends with `N passed, N failed`; mocha's own reporters want a terminal or a page. */
export class LineReporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    let passed = 0;
    let failed = 0;
    runner.on('pass', (test) => {
      passed++;
      say(`  ok ${test.fullTitle()} (${test.duration ?? 0} ms)`);
    });
    runner.on('fail', (test, error: Error) => {
      failed++;
      say(`  FAILED ${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
    runner.once('end', () => {
      say(`${passed} passed, ${failed} failed`);
    });
  }
}
