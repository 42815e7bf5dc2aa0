import * as v from 'valibot';
import { engines, ruleSeverities, type ConfigPart, type Thresholds } from './config.js';

/** Values as far as they are right, and a sentence for each that isn't. */
export interface Checked {
  readonly part: ConfigPart;
  readonly problems: readonly string[];
}

interface Expected<T> {
  readonly schema: v.GenericSchema<unknown, T>;
  /** Ends the sentence `… is not …`. */
  readonly what: string;
}

const decades = expected(
  v.pipe(v.number(), v.minValue(1), v.maxValue(300)),
  'a number of powers of ten, from 1 to 300',
);
const severity = expected(v.picklist(ruleSeverities), `one of ${ruleSeverities.join(', ')}`);

const values = {
  engine: expected(v.picklist(engines), `one of ${engines.join(', ')}`),
  seeds: expected(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)), 'a whole number from 1 to 64'),
  batch: expected(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1024)), 'a whole number from 1 to 1024'),
  exclude: expected(v.array(v.string()), 'a list of patterns'),
};

const tables = {
  severity: (key: string): Expected<unknown> | undefined =>
    /^(?:IS\d{3}|[a-z]+(?:-[a-z]+)*)$/.test(key) ? severity : undefined,
  thresholds: (key: string): Expected<unknown> | undefined =>
    key in ({ gradientDecades: 0, signalDecades: 0 } satisfies Thresholds) ? decades : undefined,
};

/**
 * Looks at what one place says, value by value, so that a wrong one costs only itself.
 * @param nameOf how a key is written there, for the sentences
 */
export function checkValues(
  raw: Readonly<Record<string, unknown>>,
  nameOf: (...path: string[]) => string = (...path) => path.join('.'),
): Checked {
  const part: Record<string, unknown> = {};
  const problems: string[] = [];
  const take = (expectation: Expected<unknown> | undefined, value: unknown, ...path: string[]): boolean => {
    if (expectation === undefined) problems.push(`${nameOf(...path)}: there is no such setting`);
    else if (!v.is(expectation.schema, value))
      problems.push(`${nameOf(...path)}: ${written(value)} is not ${expectation.what}`);
    else return true;
    return false;
  };
  for (const [key, value] of Object.entries(raw)) {
    if (value === undefined) continue;
    if (!isKeyOf(tables, key)) {
      if (take(isKeyOf(values, key) ? values[key] : undefined, value, key)) part[key] = value;
    } else if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.push(`${nameOf(key)}: ${written(value)} is not a table`);
    } else {
      part[key] = Object.fromEntries(
        Object.entries(value).filter(([inner, given]) => take(tables[key](inner), given, key, inner)),
      );
    }
  }
  return { part, problems };
}

function expected<T>(schema: v.GenericSchema<unknown, T>, what: string): Expected<T> {
  return { schema, what };
}

function isKeyOf<T extends object>(table: T, key: string): key is string & keyof T {
  return Object.hasOwn(table, key);
}

function written(value: unknown): string {
  return typeof value === 'string' || typeof value === 'object' ? JSON.stringify(value) : String(value);
}
