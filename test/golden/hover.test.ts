import { describe, expect, it } from 'vitest';
import { hoverText, type Links } from '../../src/host/hoverText.js';
import { findAt } from '../../src/protocol/atOffset.js';
import { expectGolden, goldenFile, inspectSource, readGolden, sourcesIn } from './golden.js';

/**
 * Each model in hover/ carries markers, comments whose carets stand under the code that is hovered:
 *
 *     self.conv1 = nn.Conv2d(3, 64, 3)
 *     #            ^^^^^^^^^ conv1
 *
 * What the hover says there stands in the `.hover.md` beside it, under `## conv1`.
 */
const MARKER = /^(\s*#\s*)(\^+)\s+(\S.*?)\s*$/;

interface Marker {
  readonly name: string;
  readonly start: number;
  /** Of the last caret. */
  readonly end: number;
}

function markersIn(text: string): Marker[] {
  const markers: Marker[] = [];
  let offset = 0;
  let codeAt = 0;
  for (const line of text.split('\n')) {
    const [, before = '', carets = '', name] = MARKER.exec(line) ?? [];
    if (name === undefined) codeAt = offset;
    else {
      const start = codeAt + before.length;
      markers.push({ name, start, end: start + carets.length - 1 });
    }
    offset += line.length + 1;
  }
  return markers;
}

/** Links as text, for people to read. */
const links: Links = {
  line: ({ file, line }) => `[${file.includes('train') ? `${file} ` : ''}line ${line}]`,
  inspect: ({ className }) => `[Inspect ${className}]`,
  setSizes: (entry) => `[set sizes of ${entry}]`,
};

describe.each(sourcesIn('hover'))('hover on $name', (source) => {
  const inspection = inspectSource(source);
  const markers = markersIn(source.text);

  /** The Markdown, without the blanks that keep columns apart. */
  const textAt = (offset: number): string => {
    const hit = findAt(inspection, source.name, offset);
    return hit === undefined ? 'nothing' : hoverText(hit, links).replaceAll('&nbsp;', '').replaceAll(/ +\|/g, ' |');
  };
  const texts = new Map(markers.map(({ name, start }) => [name, textAt(start)]));
  const golden = goldenFile(source, '.hover.md');
  const expected = sections(readGolden(golden) ?? '');

  it('has markers with names of their own', () => {
    expect(texts.size).toBe(markers.length);
    expect(markers.length).toBeGreaterThan(0);
  });

  it.each(markers)('$name', ({ name, start, end }) => {
    expect(textAt(end), 'the same at the last caret').toBe(texts.get(name));
    if (process.env['UPDATE_GOLDEN'] !== '1') expect(texts.get(name)).toBe(expected.get(name));
    expect(start).toBeLessThanOrEqual(end);
  });

  it('is what the golden file holds, and no more', () => {
    expectGolden(golden, `# ${source.name}\n${[...texts].map(([name, text]) => `\n## ${name}\n\n${text}\n`).join('')}`);
  });
});

/** Texts by heading. */
function sections(markdown: string): Map<string, string> {
  const parts = markdown.split(/^## (.*)\n\n/m).slice(1);
  return new Map(parts.flatMap((part, i) => (i % 2 === 0 ? [[part, (parts[i + 1] ?? '').trimEnd()] as const] : [])));
}
