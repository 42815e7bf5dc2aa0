// What each experiment says at its start, how it counts its steps, and how one knows that it took a model's sizes.

const value = (label, expected) => async (hands) => (await hands.control(label).inputValue()) === expected;
const shown = (text) => async (hands) => (await hands.frame.locator('.controls').innerText()).includes(text);

/**
 * `start`: words before the first step. `count`: takes the number of steps from the words. `first`: that after one step.
 * `sized`: the sizes of lenet.py are there. `setting`: one to be found again after a reload.
 */
export const experiments = {
  Symmetry: {
    start: /The units of a layer are equal to the last bit/,
    count: /After step (\d+)/,
    first: 1,
    sized: async (hands) =>
      (await hands.control('Network').locator('option:checked').innerText()) === '2–64–64–64–64–1',
    setting: { label: 'Activation', value: 'tanh' },
  },
  Scale: {
    start: /The loss starts at/,
    count: /Step (\d+):/,
    first: 1,
    sized: value('Hidden layers', '150, 400, 120, 84'),
    setting: { label: 'Points', value: 'moons' },
  },
  Products: {
    start: /draws: 1\)/,
    count: /draws: (\d+)\)/,
    first: 2,
    sized: shown('units: 25, 150, 400, 120, 84, 10'),
    setting: { label: 'n, the units of the random ones', value: '8' },
  },
  Derivation: {
    start: /Layer \d+ should have variance [^;]*$/,
    count: /draws: (\d+)\)/,
    first: 1,
    sized: value('Units: input, then layer by layer', '25, 150, 400, 120, 84, 10'),
    setting: { label: 'where n is', value: 'both' },
  },
  Regimes: {
    start: /Draws: 1\./,
    count: /Draws: (\d+)\./,
    first: 2,
    sized: value('Fan-ins, layer by layer', '25, 150, 400, 120, 84'),
    setting: { label: 'Weights', value: 'he' },
  },
  Digits: {
    start: /Guessing has a loss of 2\.30/,
    count: /Batch ([\d,]+),/,
    first: 1,
    sized: value('Hidden layers', '150, 400, 120, 84'),
    setting: { label: 'Weights start', value: 'uniformTenth' },
  },
  Race: {
    start: /Guessing has a loss of/,
    count: /After step (\d+)/,
    first: 1,
    sized: value('Units: input, layers, output', '25, 150, 400, 120, 84, 10'),
    setting: { label: 'Draws a start', value: '2' },
  },
};
