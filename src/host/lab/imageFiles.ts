import * as vscode from 'vscode';
import { gunzip, isGzip } from './gunzip.js';

/** A pair of idx files with digits, as bytes. */
export interface ImageFiles {
  readonly name: string;
  readonly isOwn: boolean;
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** MNIST's file of images has 47 MB. */
const mostBytes = 128 * 2 ** 20;

/** The images that ship with InitScope. */
export async function shippedImages(extensionUri: vscode.Uri): Promise<ImageFiles> {
  const read = (name: string): Thenable<Uint8Array> =>
    vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'media', 'digits', name));
  const [images, labels] = await Promise.all([read('images.idx3-ubyte'), read('labels.idx1-ubyte')]);
  return { name: vscode.l10n.t('UCI optical digits'), isOwn: false, images, labels };
}

/** Asks for the two files. `undefined` when the user changes their mind. Throws with a word for them. */
export async function chosenImages(): Promise<ImageFiles | undefined> {
  const { t } = vscode.l10n;
  const files = await ask(t('Choose the two idx files: images and labels'));
  if (files === undefined) return undefined;
  const [only] = files;
  // VS Code's own dialog, in browsers and over remote connections, takes one file at a time.
  if (files.length !== 1 || only === undefined || axesOf(only.bytes) === 0) return pairOf(files);
  const other = await ask(
    axesOf(only.bytes) === 3 ? t('Now choose its labels') : t('Now choose the images to these labels'),
  );
  return other === undefined ? undefined : pairOf([only, ...other]);
}

async function ask(title: string): Promise<NamedFile[] | undefined> {
  const openLabel = vscode.l10n.t('Use These Digits');
  const chosen = await vscode.window.showOpenDialog({ title, openLabel, canSelectMany: true });
  return chosen === undefined ? undefined : Promise.all(chosen.map(read));
}

interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The file of images and that of labels, told apart by their headers. */
function pairOf(files: readonly NamedFile[]): ImageFiles {
  const images = files.find(({ bytes }) => axesOf(bytes) === 3);
  const labels = files.find(({ bytes }) => axesOf(bytes) === 1);
  if (images === undefined || labels === undefined)
    throw new Error(
      vscode.l10n.t(
        'Choose two idx files: one of images, one of labels, such as train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz.',
      ),
    );
  return { name: images.name, isOwn: true, images: images.bytes, labels: labels.bytes };
}

/** Number of axes by an idx file's header, 0 for other files. */
function axesOf(bytes: Uint8Array): number {
  return bytes[0] === 0 && bytes[1] === 0 ? (bytes[3] ?? 0) : 0;
}

/** A file as MNIST is handed out, compressed, or unpacked. */
async function read(uri: vscode.Uri): Promise<NamedFile> {
  const name = uri.path.split('/').at(-1) ?? '';
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > mostBytes) throw tooLarge(name);
  const bytes = await vscode.workspace.fs.readFile(uri);
  if (!isGzip(bytes)) return { name, bytes };
  try {
    const unpacked = await gunzip(bytes, mostBytes);
    if (unpacked !== undefined) return { name, bytes: unpacked };
  } catch {
    throw new Error(vscode.l10n.t('{0} can’t be unpacked: it is damaged or was cut off.', name));
  }
  throw tooLarge(name);
}

function tooLarge(name: string): Error {
  return new Error(vscode.l10n.t('{0} is larger than {1} MB.', name, mostBytes / 2 ** 20));
}
