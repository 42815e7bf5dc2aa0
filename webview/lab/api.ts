import { parseLabState, type FromLabPage, type LabState } from '../../src/protocol/lab/index.js';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export function post(message: FromLabPage): void {
  api.postMessage(message);
}

export function savedState(): LabState | undefined {
  const parsed = parseLabState(api.getState());
  return parsed.ok ? parsed.value : undefined;
}

export function saveState(state: LabState): void {
  api.setState(state);
}
