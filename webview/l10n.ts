/** Words in the user's language: the host hands VS Code's bundle over with the page; what it lacks is English. */

type Bundle = Readonly<Record<string, string>>;

let bundle: Bundle | undefined;

function load(): Bundle {
  if (typeof document === 'undefined') return {};
  try {
    const parsed: unknown = JSON.parse(document.documentElement.dataset['l10n'] ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Bundle) : {};
  } catch {
    return {};
  }
}

/** The message with `{0}`, `{1}`… filled in, as `vscode.l10n.t` does it. */
export function t(message: string, ...values: readonly (string | number)[]): string {
  bundle ??= load();
  const text = bundle[message] ?? message;
  return text.replaceAll(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}
