import { List, type ModuleValue } from '../values/index.js';

/** The folder that a module's file is in. */
export function folderOf(module: ModuleValue): string {
  return module.file.split('/').slice(0, -1).join('/');
}

/** Where the modules of a package are: in its folder, and in what its `__init__` added. */
export function foldersOf(module: ModuleValue): string[] {
  const path = module.names.get('__path__');
  const more = path instanceof List ? path.items.filter((p): p is string => typeof p === 'string') : [];
  return [...new Set([folderOf(module), ...more])];
}
