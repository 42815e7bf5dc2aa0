// Collects what is said through l10n: every message with which `t` or `vscode.l10n.t` is called.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { fromRoot } from './paths.mjs';

const folders = ['src/host', 'src/protocol', 'webview'];

/** Messages, sorted; `problems`: texts of the page that a user would read in English whatever the language. */
export async function collectMessages() {
  const messages = new Set();
  const problems = [];
  for (const folder of folders)
    for (const entry of await readdir(fromRoot(folder), { recursive: true })) {
      if (!entry.endsWith('.ts')) continue;
      const file = path.join(folder, entry);
      const source = ts.createSourceFile(file, await readFile(fromRoot(file), 'utf8'), ts.ScriptTarget.Latest, true);
      const at = (node) => `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      const visit = (node) => {
        if (ts.isCallExpression(node) && isTranslate(node.expression)) {
          const [message] = node.arguments;
          if (message !== undefined && ts.isStringLiteralLike(message)) messages.add(message.text);
          else if (file !== path.join('src', 'protocol', 'l10n.ts')) problems.push(`${at(node)}: no literal message`);
        } else if (folder === 'webview' && ts.isPropertyAssignment(node) && isRead(node)) {
          problems.push(`${at(node)}: ${node.getText()}`);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
  return { messages: [...messages].sort((a, b) => (a < b ? -1 : 1)), problems };
}

function isTranslate(callee) {
  return (
    (ts.isIdentifier(callee) && callee.text === 't') ||
    (ts.isPropertyAccessExpression(callee) &&
      callee.name.text === 't' &&
      /(^|\.)l10n$/.test(callee.expression.getText()))
  );
}

const shown = new Set(['text', 'title', 'placeholder', 'aria-label', 'aria-valuetext', 'label']);

/** A property that people read, whose words are in the program itself. */
function isRead({ name, initializer }) {
  if (!shown.has(name.text ?? '')) return false;
  const words = ts.isStringLiteralLike(initializer)
    ? initializer.text
    : ts.isTemplateExpression(initializer)
      ? [initializer.head.text, ...initializer.templateSpans.map(({ literal }) => literal.text)].join(' ')
      : '';
  return /\p{L}{2}/u.test(words);
}
