// What is taken away, by content: pictures that show something, and numbers that are the command line's.
/* global atob, createImageBitmap, Blob, OffscreenCanvas, DOMParser -- of the page, in what is evaluated there */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fromRoot } from '../../scripts/lib/paths.mjs';
import { panelHands } from './panel-hands.mjs';

const file = 'mlp_default.py';

/** @param {{ bench: import('../../scripts/lib/workbench.mjs').Workbench, results: string }} world */
export function exportSteps(world) {
  const { bench } = world;
  const { body, taken, drawn } = panelHands(world);

  return [
    [
      'the PNG is as large as it should be, and shows curves',
      async () => {
        await bench.command('View: Close All Editors');
        await bench.openFile(file);
        await bench.command('InitScope: Inspect Model');
        await drawn();
        const { name, content, encoding } = await taken('png');
        assert.deepEqual([name, encoding], ['mlp_default.png', 'base64']);
        const bytes = Buffer.from(content, 'base64');
        assert.equal(bytes.subarray(1, 4).toString('latin1'), 'PNG');
        assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [2000, 960]);
        const { colours, share } = await (
          await body()
        ).evaluate(async (_, text) => {
          const data = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const picture = await createImageBitmap(new Blob([data], { type: 'image/png' }));
          const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
          context.drawImage(picture, 0, 0);
          const pixels = new Uint32Array(context.getImageData(0, 0, picture.width, picture.height).data.buffer);
          const counts = new Map();
          for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
          return { colours: counts.size, share: Math.max(...counts.values()) / pixels.length };
        }, content);
        assert.ok(colours > 50 && share < 0.98, `${colours} colours, ${share} of it one`);
      },
    ],
    [
      'the SVG is well-formed, and names what it shows',
      async () => {
        const { content } = await taken('svg');
        const found = await (
          await body()
        ).evaluate((_, text) => {
          const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
          const count = (tag) => parsed.getElementsByTagName(tag).length;
          return { error: count('parsererror'), paths: count('path'), texts: count('text'), title: count('title') };
        }, content);
        assert.equal(found.error, 0);
        assert.ok(found.paths > 100 && found.texts > 10 && found.title === 1, JSON.stringify(found));
        assert.deepEqual(content.match(/.{60}(?:NaN|undefined|Infinity|rgb\(from).{20}/) ?? [], []);
      },
    ],
    [
      'JSON and CSV hold the numbers that the command line prints',
      async () => {
        const { stdout } = await promisify(execFile)(
          process.execPath,
          [fromRoot('dist/cli.js'), 'inspect', fromRoot('examples', file), '--engine', 'moments', '--json'],
          { maxBuffer: 2 ** 26 },
        );
        const printed = JSON.parse(stdout);
        const { layers } = printed;
        const saved = JSON.parse((await taken('json')).content);
        for (const part of ['entry', 'input', 'parameters', 'layers', 'meanField'])
          assert.deepEqual(saved[part], printed[part], part);
        assert.ok(saved.finite.layers.length === layers.length);
        const [head, ...rows] = (await taken('csv')).content.trimEnd().split('\r\n');
        const names = head.split(',');
        assert.equal(rows.length, layers.length);
        layers.forEach(({ name, forward, backward }, i) => {
          // Only texts are quoted, and none of these columns stands behind one.
          const cells = rows[i].replaceAll(/"[^"]*"/g, '').split(',');
          const cell = (column) => cells[names.indexOf(column)];
          assert.equal(cell('layer'), name);
          assert.equal(Number(cell('forward_variance')), forward.variance);
          assert.equal(Number(cell('gradient_variance')), backward.variance);
        });
      },
    ],
    [
      'Markdown has a row a layer; the PyTorch check names every module',
      async () => {
        const { text } = await taken('markdown');
        assert.match(text, /^\*\*DeepMLP \(model\)\*\*: Signal falls to 4\.0×10⁻⁴/);
        assert.equal(text.split('\n').filter((line) => /^\| net\.\d+ /.test(line)).length, 40);
        const script = (await taken('pytorch')).text;
        assert.equal([...script.matchAll(/"net\.\d+": \(/g)].length, 40);
      },
    ],
  ];
}
