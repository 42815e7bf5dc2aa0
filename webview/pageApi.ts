import type { Parsed } from '../src/protocol/parse.js';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code's side of a page: messages to the extension, and what outlives a reload, which is checked when it comes back. */
export interface PageApi<Message, State> {
  readonly post: (message: Message) => void;
  readonly savedState: () => State | undefined;
  readonly saveState: (state: State) => void;
}

/** To be asked for once a page: VS Code hands its side out only once. */
export function pageApi<Message, State>(parseState: (state: unknown) => Parsed<State>): PageApi<Message, State> {
  const api = acquireVsCodeApi();
  return {
    post(message) {
      api.postMessage(message);
    },
    savedState() {
      const parsed = parseState(api.getState());
      return parsed.ok ? parsed.value : undefined;
    },
    saveState(state) {
      api.setState(state);
    },
  };
}
