/** As much of VS Code's API as the host's own logic needs, for tests without an editor. */

type Listener<T> = (event: T) => void;

export class Disposable {
  constructor(readonly dispose: () => void) {}

  static from(...all: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const one of all) one.dispose();
    });
  }
}

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>): Disposable => {
    this.listeners.add(listener);
    return new Disposable(() => this.listeners.delete(listener));
  };

  fire(event: T): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

export class Uri {
  private constructor(
    readonly scheme: string,
    readonly path: string,
  ) {}

  static parse(text: string): Uri {
    const [, scheme = '', path = ''] = /^(\w+):\/\/(.*)$/.exec(text) ?? [];
    return new Uri(scheme, path);
  }

  static joinPath(base: Uri, ...parts: readonly string[]): Uri {
    return new Uri(base.scheme, new URL(parts.join('/'), `file://${base.path}/`).pathname.replace(/\/$/, ''));
  }

  with({ path }: { readonly path: string }): Uri {
    return new Uri(this.scheme, path);
  }

  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}

const never = (): Disposable => new Disposable(() => undefined);

/** What is closed is told to the extension; the rest of the world stands still. */
export const closed = new EventEmitter<{ readonly uri: Uri }>();

export const workspace = {
  textDocuments: [] as readonly unknown[],
  notebookDocuments: [] as readonly unknown[],
  fs: { stat: () => Promise.reject(new Error('there is no such file')) },
  getWorkspaceFolder: () => undefined,
  asRelativePath: (uri: Uri) => uri.path,
  onDidChangeTextDocument: never,
  onDidChangeNotebookDocument: never,
  onDidCloseTextDocument: closed.event,
  onDidCloseNotebookDocument: never,
};

export const window = { visibleTextEditors: [] as readonly unknown[], onDidChangeVisibleTextEditors: never };

export const l10n = {
  t: (message: string, ...values: readonly unknown[]) =>
    message.replaceAll(/\{(\d+)\}/g, (_, i: string) => String(values[Number(i)])),
};
