import { touch, type Mutable } from '../../python/values/journal.js';

/** Whether what is computed can be differentiated, as `torch.no_grad` and its like switch it. */
export class GradMode implements Mutable {
  private enabled = true;

  get isEnabled(): boolean {
    return this.enabled;
  }

  set(enabled: boolean): void {
    touch(this);
    this.enabled = enabled;
  }

  /** Runs `body` in one mode; the mode before comes back however it ends. */
  during<T>(enabled: boolean, body: () => T): T {
    const before = this.enabled;
    this.set(enabled);
    try {
      return body();
    } finally {
      this.set(before);
    }
  }

  save(): () => void {
    const { enabled } = this;
    return () => {
      this.enabled = enabled;
    };
  }
}
