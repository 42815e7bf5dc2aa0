// Collects what is said through l10n: every message with which `t` or `vscode.l10n.t` is called.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { fromRoot } from './paths.mjs';

const folders = ['src/host', 'src/protocol', 'webview'];

/** Messages, sorted; `problems`: texts of the page and the editor that a user would read in English whatever the language. */
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
        } else if (folder === 'src/host' && isSentence(node)) {
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
  return shown.has(name.text ?? '') && /\p{L}{2}/u.test(wordsOf(initializer));
}

/** What is written out in a string. */
function wordsOf(node) {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return '';
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('|');
}

/** Words for people, unless they go to the log, to `t`, or are what another text is compared with. */
function isSentence(node) {
  const words = wordsOf(node);
  if (!/\p{L}{3,} \p{Ll}{2,}/u.test(words) || words.includes('<')) return false;
  const { parent } = node;
  return !(
    ts.isCallExpression(parent) &&
    (isTranslate(parent.expression) || /(^|\.)log\.\w+$|\.startsWith$/.test(parent.expression.getText()))
  );
}
