// Runs the mocha suite in a desktop VS Code: VSCODE_EXECUTABLE, or one that @vscode/test-electron can download.
import { runTests } from '@vscode/test-electron';
import path from 'node:path';
import { stageExtension, stageWorkspace } from './lib/stage.mjs';

const extension = await stageExtension({ name: 'extension-desktop', tests: true });
const workspace = await stageWorkspace({ name: 'workspace-desktop', tests: true });
const vscodeExecutablePath = process.env.VSCODE_EXECUTABLE;
try {
  process.exitCode = await runTests({
    ...(vscodeExecutablePath && { vscodeExecutablePath }),
    extensionDevelopmentPath: extension,
    extensionTestsPath: path.join(extension, 'suite.js'),
    launchArgs: [workspace, '--disable-extensions', '--skip-welcome', '--skip-release-notes'],
  });
} catch (error) {
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET/.test(String(error?.code ?? error));
  if (!offline || process.env.INITSCOPE_REQUIRE_DESKTOP) throw error;
  console.log(
    'Skipped: no desktop VS Code here, and none can be downloaded. Set VSCODE_EXECUTABLE to the path of one.',
  );
}
