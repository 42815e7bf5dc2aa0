import { parsePanelState, type PanelState, type ToHost } from '../src/protocol/panel.js';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export function post(message: ToHost): void {
  api.postMessage(message);
}

export function savedState(): PanelState | undefined {
  const parsed = parsePanelState(api.getState());
  return parsed.ok ? parsed.value : undefined;
}

export function saveState(state: PanelState): void {
  api.setState(state);
}
