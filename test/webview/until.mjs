/** Waits for a state; asserting it once, right after something else has appeared, would race with the page. */
export async function until(condition, milliseconds = 15_000) {
  const end = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
