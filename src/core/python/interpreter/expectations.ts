/** What the `try` statements around the running code are ready for: they decide whether a lack is raised or stays unknown. */
export class Expectations {
  private modules = 0;
  private keys = 0;

  get missingModulesRaise(): boolean {
    return this.modules > 0;
  }

  get missingKeysRaise(): boolean {
    return this.keys > 0;
  }

  /** While `body` runs, importing a module that isn't there raises, as it would on a machine without it. */
  missingModules<T>(expecting: boolean, body: () => T): T {
    if (!expecting) return body();
    this.modules++;
    try {
      return body();
    } finally {
      this.modules--;
    }
  }

  /** While `body` runs, variables of the environment that nothing sets are taken not to be there. */
  missingKeys<T>(expecting: boolean, body: () => T): T {
    if (!expecting) return body();
    this.keys++;
    try {
      return body();
    } finally {
      this.keys--;
    }
  }

  /** Other modules' own imports are not the business of the `try` that imported them. */
  none<T>(body: () => T): T {
    const before = [this.modules, this.keys] as const;
    [this.modules, this.keys] = [0, 0];
    try {
      return body();
    } finally {
      [this.modules, this.keys] = before;
    }
  }
}
