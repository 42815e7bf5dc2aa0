// Opens a page on which VS Code runs the mocha suite, prints the suite's lines, and tells how it ended.

const ours = /^\[suite\] /gm;

/** @returns {Promise<boolean>} whether all tests passed */
export async function runSuiteInPage(browser, url, limit = 120_000) {
  const page = await browser.newPage();
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no result after ${limit / 1000} s`)), limit);
      if (process.env.DEBUG) page.on('console', (message) => console.log(`[page] ${message.text()}`));
      page.on('crash', () => reject(new Error('the page crashed')));
      const log = (_type, args) => {
        const text = args.map(String).join(' ');
        if (text.includes('[suite] ')) console.log(text.replace(ours, ''));
      };
      page
        .exposeFunction('codeAutomationLog', log)
        .then(() => page.exposeFunction('codeAutomationExit', (code) => resolve(code === 0)))
        .then(() => page.goto(url))
        .catch(reject);
    });
  } finally {
    clearTimeout(timer);
    await page.close();
  }
}
