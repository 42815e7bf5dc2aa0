import module from './lightning/module.py';
import { library, type LibraryGroups } from './library-file.js';

const files = library('lightning', { module });

/** Lightning under its three names. Trainer and everything that trains stay unknown. */
export const lightningGroups: LibraryGroups = Object.fromEntries(
  ['lightning', 'pytorch_lightning', 'lightning.pytorch'].flatMap((name) => [
    [name, files('module')],
    [`${name}.core`, files('module')],
    [`${name}.core.module`, files('module')],
    [`${name}.core.lightning`, files('module')],
    [`${name}.utilities.seed`, files('module')],
  ]),
);
