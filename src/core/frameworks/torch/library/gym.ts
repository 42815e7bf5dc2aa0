import spaces from './gym/spaces.py';
import type { LibraryFile, LibraryGroups } from './library-file.js';

const files: readonly LibraryFile[] = [{ file: 'gym/spaces.py', source: spaces }];

/** Spaces of gym and gymnasium; environments themselves are unknown. */
export const gymGroups: LibraryGroups = { 'gym.spaces': files, 'gymnasium.spaces': files };
