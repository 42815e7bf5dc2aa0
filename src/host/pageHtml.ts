import * as vscode from 'vscode';

/** The page around the script of a view, `dist/NAME.js` with `dist/NAME.css`: no inline code, nothing from elsewhere. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri, name: 'webview' | 'lab'): string {
  const nonce = makeNonce();
  const resource = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', file)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `img-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}" data-l10n="${attribute(JSON.stringify(vscode.l10n.bundle ?? {}))}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<link rel="stylesheet" href="${resource(`${name}.css`)}">
<title>InitScope</title>
</head>
<body>
<main id="app"></main>
<script nonce="${nonce}" src="${resource(`${name}.js`)}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

function makeNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
