import type { ModuleFactory } from '../support/modules.js';
import { abc, collectionsAbc, numbers } from './abc.js';
import { collections } from './collections.js';
import { copy } from './copy.js';
import { dataclasses } from './dataclasses.js';
import { enumModule } from './enum.js';
import { functools } from './functools.js';
import { itertools } from './itertools.js';
import { math } from './math.js';
import { operator } from './operator.js';
import { typing, typingExtensions } from './typing.js';

/** Factories of the modules that Python code may import without their being in the workspace, by dotted name. */
export const standardModules: ReadonlyMap<string, ModuleFactory> = new Map(
  Object.entries({
    abc,
    collections,
    'collections.abc': collectionsAbc,
    copy,
    dataclasses,
    enum: enumModule,
    functools,
    itertools,
    math,
    numbers,
    operator,
    typing,
    typing_extensions: typingExtensions,
  }),
);
