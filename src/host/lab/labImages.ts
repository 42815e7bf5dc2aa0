import * as vscode from 'vscode';

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
  const chosen = await vscode.window.showOpenDialog({
    title: t('Choose the two idx files: images and labels'),
    openLabel: t('Use These Digits'),
    canSelectMany: true,
  });
  if (chosen === undefined) return undefined;
  const axes = await Promise.all(chosen.map(async (uri) => ({ uri, axes: await axesOf(uri) })));
  const images = axes.find((file) => file.axes === 3);
  const labels = axes.find((file) => file.axes === 1);
  if (images === undefined || labels === undefined)
    throw new Error(
      t(
        'Choose two unpacked idx files at once: one of images, one of labels, such as train-images-idx3-ubyte and train-labels-idx1-ubyte.',
      ),
    );
  const name = images.uri.path.split('/').at(-1) ?? '';
  return { name, isOwn: true, images: await read(images.uri), labels: await read(labels.uri) };
}

/** Number of axes by an idx file's header, 0 for other files. */
async function axesOf(uri: vscode.Uri): Promise<number> {
  const bytes = await read(uri);
  return bytes[0] === 0 && bytes[1] === 0 ? (bytes[3] ?? 0) : 0;
}

async function read(uri: vscode.Uri): Promise<Uint8Array> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > mostBytes)
    throw new Error(vscode.l10n.t('{0} is larger than {1} MB.', uri.path.split('/').at(-1) ?? '', mostBytes / 2 ** 20));
  return vscode.workspace.fs.readFile(uri);
}
