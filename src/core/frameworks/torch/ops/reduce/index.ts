import type { Family, Table } from '../kit/define.js';
import { differences } from './differences.js';
import { extremeValues } from './extremes.js';
import { linalgNorms, norms } from './norms.js';
import { runningTotals } from './running.js';
import { sorting } from './sorting.js';
import { statistics } from './statistics.js';
import { totals } from './totals.js';

const families: readonly Family[] = [totals, extremeValues, norms, runningTotals, sorting, statistics, differences];

/** Functions that make fewer entries of many, or work along an axis. */
export const reductions: Family = {
  torch: Object.assign({}, ...families.map((f) => f.torch)) as NonNullable<Family['torch']>,
  functional: {},
  methods: Object.assign({}, ...families.map((f) => f.methods)) as Table,
};

/** Those of torch.linalg. */
export const linalgReductions: Table = linalgNorms;
