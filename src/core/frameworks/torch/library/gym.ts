import spaces from './gym/spaces.py';
import { library, type LibraryGroups } from './library-file.js';

const files = library('gym', { spaces })('spaces');

/** Spaces of gym and gymnasium; environments themselves are unknown. */
export const gymGroups: LibraryGroups = { 'gym.spaces': files, 'gymnasium.spaces': files };
