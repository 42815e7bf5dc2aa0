import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  Instance,
  List,
  NOT_IMPLEMENTED,
  Property,
  Tuple,
  Unknown,
  type ClassValue,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { raiseAs } from '../support/raise.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf, notEvaluated, submodules } from '../support/modules.js';
import { exceptionClass } from '../types/exceptions.js';
import { asClass, constructor, hashOf, newInstance, objectClass } from '../types/object.js';

const PATTERN =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:(?:[-_.]?(?:post|rev|r)[-_.]?(\d*))|-(\d+))?(?:[-_.]?dev[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?\s*$/i;

interface Version {
  readonly release: readonly number[];
  /** Kind and number of a pre-release; kinds sort as their letters do. */
  readonly pre: readonly [string, number] | undefined;
  readonly post: number | undefined;
  readonly dev: number | undefined;
  readonly local: string | undefined;
}

const SHORT: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' };

function parse(text: string): Version | undefined {
  const m = PATTERN.exec(text);
  if (!m) return undefined;
  const kind = m[3]?.toLowerCase();
  const post = m[5] ?? m[6];
  return {
    release: (m[2] ?? '').split('.').map(Number),
    pre: kind === undefined ? undefined : [SHORT[kind] ?? kind, Number(m[4] ?? 0)],
    post: post === undefined ? undefined : Number(post),
    dev: m[7] === undefined ? undefined : Number(m[7]),
    local: m[8]?.toLowerCase(),
  };
}

/** A tuple of numbers and texts that sorts as PEP 440 says. */
function key(v: Version): (number | string)[] {
  const release = [...v.release];
  while (release.length > 1 && release.at(-1) === 0) release.pop();
  const pre: (number | string)[] = v.pre
    ? [0, ...v.pre]
    : v.dev !== undefined && v.post === undefined
      ? [-1, '', 0]
      : [1, '', 0];
  const local = (v.local ?? '').split(/[-_.]/).map((p) => (/^\d+$/.test(p) ? Number(p) : p));
  return [...Array.from({ length: 8 }, (_, i) => release[i] ?? 0), ...pre, v.post ?? -1, v.dev ?? Infinity, ...local];
}

function order(a: Version, b: Version): number {
  const [x, y] = [key(a), key(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [p = '', q = ''] = [x[i], y[i]];
    if (p === q) continue;
    if (typeof p !== typeof q) return typeof p === 'number' ? 1 : -1;
    return p < q ? -1 : 1;
  }
  return 0;
}

function normalized(v: Version, withLocal: boolean): string {
  return [
    v.release.join('.'),
    v.pre ? v.pre.join('') : '',
    v.post === undefined ? '' : `.post${v.post}`,
    v.dev === undefined ? '' : `.dev${v.dev}`,
    withLocal && v.local !== undefined ? `+${v.local}` : '',
  ].join('');
}

const textOf = (value: Value): string | undefined => {
  if (typeof value === 'string') return value;
  const text = value instanceof Instance ? value.names.get('_text') : undefined;
  return typeof text === 'string' ? text : undefined;
};
const versionOf = (value: Value): Version | undefined => {
  const text = textOf(value);
  return text === undefined ? undefined : parse(text);
};

const COMPARISONS: Readonly<Record<string, (sign: number) => boolean>> = {
  __lt__: (s) => s < 0,
  __le__: (s) => s <= 0,
  __gt__: (s) => s > 0,
  __ge__: (s) => s >= 0,
  __eq__: (s) => s === 0,
  __ne__: (s) => s !== 0,
};

const PROPERTIES: Readonly<Record<string, (v: Version) => Value>> = {
  release: (v) => new Tuple(v.release),
  version: (v) => new List([...v.release]),
  major: (v) => v.release[0] ?? 0,
  minor: (v) => v.release[1] ?? 0,
  micro: (v) => v.release[2] ?? 0,
  base_version: (v) => v.release.join('.'),
  public: (v) => normalized(v, false),
  local: (v) => v.local ?? null,
  pre: (v) => (v.pre ? new Tuple([...v.pre]) : null),
  post: (v) => v.post ?? null,
  dev: (v) => v.dev ?? null,
  is_prerelease: (v) => v.pre !== undefined || v.dev !== undefined,
  is_postrelease: (v) => v.post !== undefined,
  is_devrelease: (v) => v.dev !== undefined,
};

const invalid = builtinClass('InvalidVersion', [exceptionClass('ValueError')], 'packaging.version');

function make(cls: ClassValue, text: Value, runtime: Runtime): Value {
  if (text instanceof Unknown) return text.as(`Version(${text.symbol})`);
  const given = textOf(text) ?? runtime.str(text);
  const parsed = parse(given);
  if (!parsed) return raiseAs(invalid, `Invalid version: '${given}'`, runtime);
  const version = newInstance(cls, runtime);
  version.hashedBy = new Tuple(['Version', ...key(parsed).map(String)]);
  version.names.set('_text', given);
  return version;
}

const METHODS: readonly NativeFunction[] = [
  constructor('cls, version', ({ cls, version }, runtime) => make(asClass(cls, runtime), version, runtime)),
  native('__init__', 'self, version', () => null),
  ...Object.entries(COMPARISONS).map(([name, holds]) =>
    native(name, 'self, other', ({ self, other }) => {
      // LooseVersion compares with plain text too.
      const [a, b] = [versionOf(self), versionOf(other)];
      return a && b ? holds(order(a, b)) : NOT_IMPLEMENTED;
    }),
  ),
  native('__str__', 'self', ({ self }) => {
    const v = versionOf(self);
    return v ? normalized(v, true) : '';
  }),
  native('__repr__', 'self', ({ self }) => {
    const v = versionOf(self);
    return `<Version('${v ? normalized(v, true) : ''}')>`;
  }),
  native('__hash__', 'self', ({ self }) => hashOf(textOf(self) ?? null)),
];

const versionClass: ClassValue = builtinClass(
  'Version',
  [objectClass],
  'packaging.version',
  METHODS,
  Object.fromEntries(
    Object.entries(PROPERTIES).map(([name, read]) => [
      name,
      new Property(
        native(name, 'self', ({ self }) => {
          const v = versionOf(self);
          return v ? read(v) : null;
        }),
      ),
    ]),
  ),
);

const parseFunction = native('parse', 'version', ({ version }, runtime) => make(versionClass, version, runtime));
const names = {
  Version: versionClass,
  LegacyVersion: versionClass,
  LooseVersion: versionClass,
  StrictVersion: versionClass,
  InvalidVersion: invalid,
};

export const packagingVersion = moduleOf('packaging.version', () => [{ ...names, parse: parseFunction }]);
export const packaging = moduleOf(
  'packaging',
  () => [],
  submodules('packaging', ['version'], notEvaluated('packaging')),
);
export const distutilsVersion = moduleOf('distutils.version', () => [names]);
export const distutils = moduleOf(
  'distutils',
  () => [],
  submodules('distutils', ['version'], notEvaluated('distutils')),
);
/** `pkg_resources.parse_version`. */
export const pkgResources = moduleOf(
  'pkg_resources',
  () => [{ parse_version: parseFunction }],
  notEvaluated('pkg_resources'),
);
