// A person's hands in the Lab, for Playwright.
import assert from 'node:assert/strict';
import path from 'node:path';
import { until } from './until.mjs';

export const tabs = ['Symmetry', 'Scale', 'Products', 'Derivation', 'Regimes', 'Digits', 'Race'];

export class LabHands {
  constructor(bench, results) {
    this.bench = bench;
    this.page = bench.page;
    this.results = results;
    this.frame = this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  shot(name) {
    return this.page.screenshot({ path: path.join(this.results, `lab-${name}.png`) });
  }

  /** The page inside VS Code's frames, where scripts can look at it. */
  async inner() {
    return (await this.frame.locator('body').elementHandle()).ownerFrame();
  }

  button(name) {
    return this.frame.getByRole('button', { name, exact: true });
  }

  control(label) {
    return this.frame.getByLabel(label, { exact: true });
  }

  words() {
    return this.frame.locator('.words').innerText();
  }

  async untilWords(pattern, milliseconds = 60_000) {
    await until(async () => pattern.test(await this.words()), milliseconds);
  }

  /** The first number that the pattern takes from the words. */
  async number(pattern) {
    return Number((await this.words()).match(pattern)?.[1]?.replaceAll(',', ''));
  }

  pictures() {
    return this.frame.locator('.pictures').innerHTML();
  }

  async open(tab) {
    const button = this.frame.getByRole('tab', { name: tab });
    await button.click();
    await until(async () => (await button.getAttribute('aria-selected')) === 'true');
    await this.drawn();
  }

  async drawn() {
    await until(async () => (await this.words()) !== '' && (await this.frame.locator('.pictures figure').count()) > 0);
  }

  async theme(name, marker) {
    await this.bench.theme(name);
    await until(async () => marker.test((await this.frame.locator('body').getAttribute('class')) ?? ''));
  }

  async chooseModel(label, pattern) {
    const select = this.control(label);
    const named = async () => (await select.locator('option').allInnerTexts()).find((text) => pattern.test(text));
    await until(async () => (await named()) !== undefined);
    await select.selectOption({ label: await named() });
  }

  async setSeed(seed) {
    await this.control('Seed').fill(String(seed));
    await this.control('Seed').press('Enter');
  }

  async step(start, count, n) {
    await this.button('Step').click();
    await until(async () => (await this.number(count)) === n);
    assert.doesNotMatch(await this.words(), start);
  }

  /** Stops what plays, unless it has come to its end. */
  async pause() {
    if (await this.button('Pause').isVisible()) {
      // It may come to its end under the finger.
      await this.button('Pause')
        .click({ timeout: 5_000 })
        .catch(() => undefined);
    }
    await this.button('Play').waitFor();
  }

  /** Whatever has the focus: what it says, or what its label says. */
  async focused() {
    const inner = await this.inner();
    return inner.evaluate(() => {
      const { activeElement } = globalThis.document;
      return (activeElement?.labels?.[0] ?? activeElement)?.textContent?.trim() ?? '';
    });
  }

  /** Presses Tab until that has the focus. */
  async tabTo(name) {
    for (let i = 0; i < 40; i++) {
      if ((await this.focused()) === name) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${name}`);
  }
}
