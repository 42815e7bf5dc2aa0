import { parseLabState, type FromLabPage, type LabState } from '../../src/protocol/lab/index.js';
import { pageApi } from '../pageApi.js';

export const { post, savedState, saveState } = pageApi<FromLabPage, LabState>(parseLabState);
