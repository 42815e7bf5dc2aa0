import type { SimulationContent } from '../src/protocol/panel.js';
import { Simulation } from './simulations.js';
import { controlsOf, currentReport, type PageState } from './state.js';
import type { Store } from './store.js';
import { post } from './vscodeApi.js';
import { comparedSettings, currentSettings, isAsWritten, isRecommendedOnly } from './whatIf/settings.js';

/** After the last change of a control, so that draws start when the hand rests. */
const restMilliseconds = 350;

/** Asks the host for the simulations that the state calls for: of the model as written, and of what it is compared with. */
export class Asking {
  private readonly current: Simulation;
  private readonly compared: Simulation;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: Store<PageState>) {
    this.current = new Simulation(post, (current) => {
      store.update({ current });
    });
    this.compared = new Simulation(post, (compared) => {
      store.update({ compared });
    });
  }

  receive(id: number, content: SimulationContent): void {
    this.current.receive(id, content);
    this.compared.receive(id, content);
  }

  /** For the model that is shown now, whose text may be a new one. */
  anew(): void {
    clearTimeout(this.rest);
    this.askCurrent();
    this.askCompared('auto');
  }

  /** Another model is shown: what is known is of no use any more. */
  forget(): void {
    this.current.clear();
    this.compared.clear();
  }

  /** A control was changed: moments at once, draws when the hand rests. True when an answer will come. */
  changed(isLive: boolean, isAnotherDraw: boolean): boolean {
    clearTimeout(this.rest);
    if (isAnotherDraw) this.askCurrent();
    this.askCompared('moments');
    if (!isLive)
      this.rest = setTimeout(() => {
        this.askCompared('auto');
      }, restMilliseconds);
    return this.compared.isOut;
  }

  cancel(): void {
    clearTimeout(this.rest);
    this.current.cancel();
    this.compared.cancel();
  }

  private askCurrent(): void {
    const report = currentReport(this.store.value);
    if (report === undefined || report.layers.length === 0) this.current.clear();
    else this.current.ask(report.entry, currentSettings(controlsOf(this.store.value.kept), 'auto'));
  }

  private askCompared(engine: 'moments' | 'auto'): void {
    const report = currentReport(this.store.value);
    const controls = controlsOf(this.store.value.kept);
    if (report === undefined || isAsWritten(controls) || isRecommendedOnly(controls)) this.compared.clear();
    else
      this.compared.ask(
        report.entry,
        comparedSettings(controls, engine),
        // While a hand is on a slider only curves move.
        engine === 'moments' ? report : undefined,
      );
  }
}
