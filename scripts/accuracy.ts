// Rewrites the tables of docs/accuracy.md: what every engine says of the measured models. Run by accuracy.mjs, in the repository's root.
//   npm run accuracy [-- --layers]   also prints every number that is off by more than 15 %
import { readFileSync, writeFileSync } from 'node:fs';
import type { Engine } from '../src/core/model/index.js';
import {
  compare,
  engineTable,
  errorOf,
  layerTable,
  withTable,
  type Comparison,
  type Recorded,
} from './accuracy-table.js';

const SEEDS = 8;
const PAGE = 'docs/accuracy.md';
const FOLDER = 'test/parity/statistics';

const recorded = JSON.parse(readFileSync(`${FOLDER}.json`, 'utf8')) as Recorded;

function all(engine: Engine): Comparison[] {
  return Object.entries(recorded.models).flatMap(([name, model]) =>
    compare(name, readFileSync(`${FOLDER}/${name}.py`, 'utf8'), model, recorded.draws, engine, SEEDS),
  );
}

const moments = all('moments');
const engines = [
  ['moments', moments],
  [`sampler, ${SEEDS} draws`, all('sampler')],
  [`dense, ${SEEDS} draws`, all('dense')],
] as const;

let page = readFileSync(PAGE, 'utf8');
page = withTable(page, 'layers', layerTable(moments));
page = withTable(page, 'engines', engineTable(engines));
writeFileSync(PAGE, page);

if (process.argv.includes('--layers'))
  for (const [label, list] of engines)
    for (const c of list) {
      const error = errorOf(c);
      if (error > 0.15)
        console.log(
          label,
          c.way,
          c.layer,
          c.type,
          c.own?.toPrecision(4) ?? 'unknown',
          c.measured,
          `± ${(100 * c.measuredError).toFixed(1)} %`,
        );
    }
