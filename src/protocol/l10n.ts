/** Finds a message in the user's language and fills in `{0}`, `{1}`…, as `vscode.l10n.t` does it. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

type Bundle = Readonly<Record<string, string>>;

/** Messages are their own keys; what the bundle lacks is English. */
export function translationsIn(bundle: Bundle): Translate {
  return (message, ...values) =>
    (bundle[message] ?? message).replaceAll(/\{(\d+)\}/g, (whole, index: string) =>
      String(values[Number(index)] ?? whole),
    );
}

let translate = translationsIn({});

/** Once, by whoever shows phrases: the extension and its pages. The command line speaks English. */
export function speak(language: Translate): void {
  translate = language;
}

export const t: Translate = (message, ...values) => translate(message, ...values);
