import { native } from '../../values/native.js';
import { Instance, type Value } from '../../values/index.js';
import { moduleOf, notEvaluated, nothing, submodules } from '../support/modules.js';
import { quietClass } from '../support/quiet.js';
import { newInstance } from '../types/object.js';
import { builtinClass } from '../support/classes.js';
import { exceptionClass } from '../types/exceptions.js';

const LEVELS = { NOTSET: 0, DEBUG: 10, INFO: 20, WARNING: 30, WARN: 30, ERROR: 40, CRITICAL: 50, FATAL: 50 } as const;
const SPEAKING = [
  'debug',
  'info',
  'warning',
  'warn',
  'error',
  'exception',
  'critical',
  'fatal',
  'log',
  'warning_once',
  'warning_advice',
];
const SETTING = [
  'setLevel',
  'addHandler',
  'removeHandler',
  'addFilter',
  'removeFilter',
  'setFormatter',
  'handle',
  'emit',
  'flush',
  'close',
];

const loggerClass = quietClass(
  'Logger',
  'logging',
  [...SPEAKING, ...SETTING],
  [
    native('isEnabledFor', 'self, level', () => false),
    native('getEffectiveLevel', 'self', () => LEVELS.WARNING),
    native('hasHandlers', 'self', () => true),
    native('getChild', 'self, suffix', ({ self }) => self),
    native('__getattr__', 'self, name', ({ self, name }, runtime) => {
      // `logger.handlers`, `logger.level` and methods that a library hung on loggers.
      if (name === 'handlers' || name === 'filters') return runtime.call(runtime.builtin('list'), []);
      if (name === 'level') return LEVELS.NOTSET;
      if (name === 'root' || name === 'parent') return self;
      if (name === 'propagate' || name === 'disabled') return false;
      return typeof name === 'string' && name.startsWith('__')
        ? runtime.raise('AttributeError', name)
        : nothing(String(name));
    }),
  ],
);

const getLogger = native('getLogger', 'name=None', ({ name }, runtime) => {
  const logger = newInstance(loggerClass, runtime);
  if (logger instanceof Instance) logger.names.set('name', name ?? 'root');
  return logger;
});

const HANDLERS = [
  'Handler',
  'StreamHandler',
  'FileHandler',
  'NullHandler',
  'Formatter',
  'Filter',
  'LogRecord',
  'RotatingFileHandler',
  'TimedRotatingFileHandler',
];
const FUNCTIONS = [
  'basicConfig',
  'disable',
  'captureWarnings',
  'addLevelName',
  'shutdown',
  'setLoggerClass',
  'dictConfig',
  'fileConfig',
];

const table = (): Record<string, Value> => ({
  ...LEVELS,
  getLogger,
  Logger: loggerClass,
  LoggerAdapter: loggerClass,
  root: new Instance(loggerClass),
  getLevelName: native(
    'getLevelName',
    'level',
    ({ level }) => Object.entries(LEVELS).find(([, n]) => n === level)?.[0] ?? 'NOTSET',
  ),
  ...Object.fromEntries(
    HANDLERS.map((name) => [name, quietClass(name, 'logging', [...SETTING, 'format', 'formatTime'])]),
  ),
  ...Object.fromEntries([...SPEAKING, ...FUNCTIONS].map((name) => [name, nothing(name)])),
});

export const logging = moduleOf(
  'logging',
  () => [table()],
  submodules('logging', ['handlers', 'config'], notEvaluated('logging')),
);
export const loggingHandlers = moduleOf('logging.handlers', () => [table()], notEvaluated('logging.handlers'));
export const loggingConfig = moduleOf('logging.config', () => [table()], notEvaluated('logging.config'));

/** `loguru.logger` and the like. */
export const loguru = moduleOf('loguru', () => [{ logger: new Instance(loggerClass) }], notEvaluated('loguru'));

const catchWarnings = quietClass('catch_warnings', 'warnings', []);
export const warnings = moduleOf('warnings', () => [
  {
    ...Object.fromEntries(
      ['warn', 'warn_explicit', 'filterwarnings', 'simplefilter', 'resetwarnings', 'showwarning', 'formatwarning'].map(
        (n) => [n, nothing(n)],
      ),
    ),
    catch_warnings: catchWarnings,
    WarningMessage: builtinClass('WarningMessage', [exceptionClass('Exception')], 'warnings'),
    deprecated: native('deprecated', '*args, **kwargs', () => native('deprecated', 'value', ({ value }) => value)),
  },
]);
