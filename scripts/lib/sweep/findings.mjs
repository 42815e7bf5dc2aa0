// The findings of all files: each place once, though several models, or files that import it, may tell of it.

export class Findings {
  #byPlace = new Map();

  add(told) {
    for (const f of told) {
      const key = `${f.code} ${f.place}`;
      if (!this.#byPlace.has(key)) this.#byPlace.set(key, f);
    }
  }

  /** `12  warning IS101`, the most frequent first. */
  counts() {
    const counts = new Map();
    for (const { severity, code } of this.#byPlace.values()) {
      const kind = `${severity} ${code}`;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1]).map(([kind, n]) => `${String(n).padStart(6)}  ${kind}`);
  }

  /** What a person has to look at: errors and warnings with their places, by code. */
  grave(name) {
    return [...this.#byPlace.values()]
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      .sort((a, b) => a.code.localeCompare(b.code) || a.place.localeCompare(b.place))
      .map(({ severity, code, place, entry, message }) => {
        const model = entry === '' ? '' : `${entry}: `;
        return `${code} ${severity} ${name(place)}\n          ${model}${message}`;
      });
  }
}
