// The experiments' words are made as their modules are read, so the language must be known before.
import { speakAsHost } from '../l10n.js';

speakAsHost();
