import type { ModuleFactory } from '../support/modules.js';
import { numpyModules } from '../numpy/module.js';
import { abc, collectionsAbc, numbers } from './abc.js';
import { argparse } from './argparse.js';
import { configModules } from './attribute-dicts.js';
import { attr, attrs } from './attrs.js';
import { cmath } from './cmath.js';
import { collections } from './collections.js';
import { contextlib } from './contextlib.js';
import { copy } from './copy.js';
import { dataclasses } from './dataclasses.js';
import { enumModule } from './enum.js';
import { functools } from './functools.js';
import { importlibModules } from './importlib.js';
import { inspect } from './inspect.js';
import { itertools } from './itertools.js';
import { json } from './json.js';
import { logging, loggingConfig, loggingHandlers, loguru, warnings } from './logging.js';
import { math } from './math.js';
import { operator } from './operator.js';
import { os } from './os.js';
import { outsideModules } from './outside.js';
import { pathlib } from './pathlib.js';
import { osPath } from './paths.js';
import { random } from './random.js';
import { re } from './re.js';
import { smallModules } from './small.js';
import { sys } from './sys.js';
import { tqdmModules } from './tqdm.js';
import { types } from './types.js';
import { typing, typingExtensions } from './typing.js';
import { distutils, distutilsVersion, packaging, packagingVersion, pkgResources } from './version.js';

/** Factories of the modules that Python code may import without their being in the workspace, by dotted name. */
export const standardModules: ReadonlyMap<string, ModuleFactory> = new Map(
  Object.entries({
    ...numpyModules,
    ...outsideModules,
    ...smallModules,
    ...configModules,
    ...importlibModules,
    ...tqdmModules,
    abc,
    argparse,
    attr,
    attrs,
    cmath,
    collections,
    'collections.abc': collectionsAbc,
    contextlib,
    copy,
    dataclasses,
    distutils,
    'distutils.version': distutilsVersion,
    enum: enumModule,
    functools,
    inspect,
    itertools,
    json,
    logging,
    'logging.config': loggingConfig,
    'logging.handlers': loggingHandlers,
    loguru,
    math,
    numbers,
    operator,
    os,
    'os.path': osPath,
    packaging,
    'packaging.version': packagingVersion,
    pathlib,
    pkg_resources: pkgResources,
    random,
    re,
    sys,
    types,
    typing,
    typing_extensions: typingExtensions,
    warnings,
  }),
);

/** What belongs to the language so closely that a file of the same name in a workspace doesn't stand in for it. */
const CORE = new Set(
  'abc argparse ast builtins cmath collections contextlib copy dataclasses enum functools heapq inspect itertools json logging math numbers numpy operator os pathlib random re sys typing typing_extensions warnings __future__'.split(
    ' ',
  ),
);

/** Top-level modules that give way to a module of the workspace with the same name, as they do where Python runs it. */
export const replaceableModules: ReadonlySet<string> = new Set(
  [...standardModules.keys()].map((name) => name.replace(/\..*$/, '')).filter((name) => !CORE.has(name)),
);
