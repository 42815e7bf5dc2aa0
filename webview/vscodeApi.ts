import { parsePanelState, type PanelState, type ToHost } from '../src/protocol/panel.js';
import { pageApi } from './pageApi.js';

export const { post, savedState, saveState } = pageApi<ToHost, PanelState>(parsePanelState);
