/** Weights that a race holds at most, over all draws of all starts: 200 MB. */
export const MOST_RACE_WEIGHTS = 50e6;
