// A person's hands in the workbench, for Playwright.

export class Workbench {
  constructor(page) {
    this.page = page;
  }

  async open(url) {
    await this.page.goto(url);
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
  }

  /** Double-clicks a file in the explorer. */
  async openFile(name) {
    const row = this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
    const lines = this.editor(name).locator('.view-line');
    await row.dblclick();
    await lines.first().waitFor();
  }

  editor(name) {
    return this.page.locator(`.editor-instance .monaco-editor[data-uri$="/${name}"]`);
  }

  /** What a file's editor shows, from its first visible line on. */
  async text(name) {
    const lines = await this.editor(name).locator('.view-line').all();
    const placed = await Promise.all(lines.map(async (l) => [(await l.boundingBox())?.y ?? 0, await l.innerText()]));
    return placed
      .sort(([a], [b]) => a - b)
      .map(([, text]) => text.replaceAll('\u00a0', ' '))
      .join('\n');
  }

  /** Runs a command through the palette. */
  async command(title, { stays = false } = {}) {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    const row = this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first();
    await this.retried(async () => {
      await this.pressUntil('F1', input);
      await input.fill(`>${title}`, { timeout: 3_000 });
      await row.click({ timeout: 5_000 });
    });
    if (!stays) await input.waitFor({ state: 'hidden' });
  }

  /** The palette closes when a webview takes the focus just then: opened again. */
  async retried(steps) {
    for (let left = 3; ; left--) {
      try {
        return await steps();
      } catch (error) {
        if (left === 0) throw error;
      }
    }
  }

  /** Picks a colour theme from VS Code's own list. */
  async theme(name) {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    const row = this.page.locator(`.quick-input-list .monaco-list-row.focused[aria-label^="${name}"]`);
    await this.retried(async () => {
      await this.command('Preferences: Color Theme', { stays: true });
      await input.fill(name, { timeout: 3_000 });
      await row.waitFor({ timeout: 5_000 });
      await this.page.keyboard.press('Enter');
    });
    await input.waitFor({ state: 'hidden' });
    const kind = /High Contrast/.test(name)
      ? /Dark/.test(name)
        ? 'hc-black'
        : 'hc-light'
      : /Dark/.test(name)
        ? 'vs-dark'
        : 'vs';
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  /** A key pressed just after leaving a webview is now and then swallowed. */
  async pressUntil(key, target) {
    for (let i = 0; i < 10; i++) {
      await this.page.keyboard.press(key);
      try {
        await target.waitFor({ timeout: 1_000 });
        return;
      } catch {
        // pressed again
      }
    }
    throw new Error(`${key} has no effect`);
  }

  /** Points at a word of a file's editor until our hover shows, and returns its text. */
  async hover(file, word, expected) {
    return this.hoverIn(this.editor(file), word, expected);
  }

  /** The same, in some editor: a cell of a notebook, say. */
  async hoverIn(editor, word, expected) {
    const line = editor.locator('.view-line', { hasText: word }).first();
    const token = line.locator('span > span', { hasText: word.split('(')[0].split('.').at(-1) }).last();
    const hover = this.page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: expected }).first();
    for (let i = 0; i < 10; i++) {
      const box = await token.boundingBox();
      if (box === null) continue;
      await this.page.mouse.move(box.x + box.width / 2, box.y - 80, { steps: 2 });
      await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
      try {
        await hover.waitFor({ timeout: 2_000 });
        await this.page.waitForTimeout(400); // it fades in
        return await hover.innerText();
      } catch {
        // pointed at again
      }
    }
    throw new Error(`no hover on ${word}`);
  }

  /** The page inside our panel, once it has drawn. */
  async panel() {
    const frame = this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await frame.locator('body[data-ready="true"]').waitFor({ timeout: 30_000 });
    return frame;
  }

  /** Line of the cursor in a file's editor. */
  async cursor(file) {
    const text = await this.editor(file).locator('.active-line-number').innerText();
    return Number(text);
  }
}
