import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe has against a page in a frame: rule and markup, one a line. */
export async function violationsIn(frame) {
  const inner = await (await frame.locator('body').elementHandle()).ownerFrame();
  // Evaluated as the browser's own tools do it: the page's policy lets no other script in.
  await inner.evaluate(axe);
  return inner.evaluate(async () =>
    (await globalThis.axe.run({ resultTypes: ['violations'] })).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
    ),
  );
}
