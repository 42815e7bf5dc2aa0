import type { ModuleFactory } from '../support/modules.js';

/** Factories of the modules that Python code may import without their being in the workspace, by dotted name. */
export const standardModules: ReadonlyMap<string, ModuleFactory> = new Map();
