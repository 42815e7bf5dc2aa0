import type { SeedResult, WorkerReply } from '../protocol/worker.js';
import type { StartWorker } from '../protocol/workerHandle.js';
import { SimulationJob, type SimulationRequest, type SimulationResult } from './job.js';
import { Station } from './station.js';

export type { SimulationRequest, SimulationResult } from './job.js';

export interface SimulatorOptions {
  /** Workers that draw at the same time. */
  readonly workers: number;
  /** A report that takes longer costs its worker the life. */
  readonly limitMilliseconds?: number | undefined;
  /** Workers that draw are given up when nobody has needed them for so long. */
  readonly idleMilliseconds?: number | undefined;
}

export interface RunningSimulation {
  readonly result: Promise<SimulationResult>;
  /** Ends it at once; draws under way stop at their next step. */
  cancel(): void;
}

/** How many workers draw side by side on a machine with so many processors. */
export function workersFor(processors: number | undefined): number {
  return Math.max(1, Math.min(processors ?? 2, 4));
}

/** Threads that help with one of so many draws, where that many processors may be busy. */
function helpersFor(seeds: number, workers: number): number {
  return Math.floor(workers / Math.max(1, Math.min(seeds, workers))) - 1;
}

interface Drawer {
  readonly station: Station;
  busy?: { readonly job: SimulationJob; readonly index: number } | undefined;
}

/**
 * Runs simulations in workers of its own. One of them makes reports, so that moments answer within milliseconds
 * whatever else goes on; the others draw at finite width, a seed each, and what they have shown goes to the first as
 * bytes. The thread that this runs on only passes messages on.
 */
export class Simulator {
  private readonly reporter: Station;
  private readonly drawers: Drawer[] = [];
  private readonly jobs = new Map<number, SimulationJob>();
  /** Draws that wait for a worker. */
  private draws: { readonly job: SimulationJob; readonly index: number }[] = [];
  /** Reports that wait for the reporter; it makes one at a time. */
  private reports: SimulationJob[] = [];
  private reporting: { readonly job: SimulationJob; readonly state: SimulationJob['state'] } | undefined;
  private limit: ReturnType<typeof setTimeout> | undefined;
  private idle: ReturnType<typeof setTimeout> | undefined;
  private nextId = 1;

  constructor(
    private readonly start: StartWorker,
    private readonly options: SimulatorOptions,
  ) {
    this.reporter = new Station(
      start,
      (reply) => {
        this.reported(reply);
      },
      (message) => {
        this.reportLost(message);
      },
    );
  }

  simulate(request: SimulationRequest): RunningSimulation {
    const job = new SimulationJob(this.nextId++, request);
    this.jobs.set(job.id, job);
    this.askReport(job);
    return {
      result: job.result,
      cancel: () => {
        this.over(job, { kind: 'cancelled' });
      },
    };
  }

  dispose(): void {
    for (const job of [...this.jobs.values()]) this.over(job, { kind: 'cancelled' });
    clearTimeout(this.limit);
    clearTimeout(this.idle);
    this.reporter.stop();
    for (const { station } of this.drawers.splice(0)) station.stop();
  }

  private askReport(job: SimulationJob): void {
    if (!this.reports.includes(job)) this.reports.push(job);
    this.nextReport();
  }

  private nextReport(): void {
    if (this.reporting !== undefined) return;
    const job = this.reports.shift();
    if (job === undefined) return;
    const results = job.fresh;
    job.fresh = [];
    this.reporting = { job, state: job.state };
    const { model, settings, onValues } = job.request;
    const valuesOnly = onValues !== undefined;
    this.reporter.post(model, { kind: 'simulate', id: job.id, settings, results, valuesOnly });
    const limit = this.options.limitMilliseconds;
    if (limit !== undefined)
      this.limit = setTimeout(() => {
        this.reporter.stop();
        this.reportLost(`this took longer than ${limit / 1000} s`);
      }, limit);
  }

  private reported(reply: WorkerReply): void {
    const { reporting } = this;
    if (reply.id !== reporting?.job.id) return;
    clearTimeout(this.limit);
    this.reporting = undefined;
    const { job, state } = reporting;
    if (reply.kind === 'simulated') {
      if (!job.isOver) this.follow(job, reply.report, state, reply.preview);
    } else if (reply.kind === 'values') {
      if (!job.isOver) job.request.onValues?.(reply.values);
      this.over(job, { kind: 'values' });
    } else if (reply.kind === 'failed') this.over(job, { kind: 'failed', message: reply.message });
    this.nextReport();
  }

  private reportLost(message: string): void {
    clearTimeout(this.limit);
    const lost = this.reporting?.job;
    this.reporting = undefined;
    // What other simulations had told the worker is gone with it.
    for (const job of [...this.jobs.values()])
      if (job === lost || job.state.done > 0) this.over(job, { kind: 'failed', message });
    this.nextReport();
  }

  private follow(
    job: SimulationJob,
    report: Parameters<SimulationJob['told']>[0],
    state: SimulationJob['state'],
    preview: Extract<WorkerReply, { kind: 'simulated' }>['preview'],
  ): void {
    if (preview !== undefined) job.seeds = preview.seeds;
    job.told(report, preview === undefined ? state : job.state);
    if (preview !== undefined) {
      for (let index = 0; index < job.seeds; index++) this.draws.push({ job, index });
      this.nextDraws();
    } else if (job.seeds === 0 || (job.isDrawn && job.fresh.length === 0)) {
      this.over(job);
    }
  }

  private nextDraws(): void {
    clearTimeout(this.idle);
    while (this.draws.length > 0) {
      const drawer = this.freeDrawer();
      const draw = this.draws[0];
      if (drawer === undefined || draw === undefined) return;
      this.draws.shift();
      drawer.busy = draw;
      const { job, index } = draw;
      const { model } = job.request;
      // With the number that was decided on: progress is told in parts of it.
      const settings = { ...job.request.settings, seeds: job.seeds };
      const helpers = helpersFor(job.seeds, this.options.workers);
      drawer.station.post(model, { kind: 'seed', id: job.id, settings, index, helpers, cancel: job.cancel });
    }
    const { idleMilliseconds } = this.options;
    if (idleMilliseconds !== undefined && this.drawers.every((d) => d.busy === undefined))
      this.idle = setTimeout(() => {
        for (const { station } of this.drawers.splice(0)) station.stop();
      }, idleMilliseconds);
  }

  private freeDrawer(): Drawer | undefined {
    const free = this.drawers.find((d) => d.busy === undefined);
    if (free !== undefined || this.drawers.length >= this.options.workers) return free;
    const drawer: Drawer = {
      station: new Station(
        this.start,
        (reply) => {
          this.replied(drawer, reply);
        },
        (message) => {
          this.freed(drawer, { message: `its worker ended: ${message}` });
        },
      ),
    };
    this.drawers.push(drawer);
    return drawer;
  }

  private replied(drawer: Drawer, reply: WorkerReply): void {
    const { busy } = drawer;
    if (reply.id !== busy?.job.id) return;
    if (reply.kind === 'progress') {
      if (!busy.job.isOver) busy.job.progressed(busy.index, reply.progress);
    } else if (reply.kind === 'drawn') this.freed(drawer, { index: reply.index, packed: reply.packed });
    else if (reply.kind === 'failed') this.freed(drawer, { message: reply.message });
  }

  /** The drawer has done its draw, or lost it, and can take the next one. */
  private freed(drawer: Drawer, outcome: SeedResult | { readonly message: string }): void {
    const { busy } = drawer;
    if (busy === undefined) return;
    drawer.busy = undefined;
    const { job, index } = busy;
    if (!job.isOver) {
      if ('message' in outcome) job.lose(index, outcome.message);
      else job.drawn(outcome);
      if (job.fresh.length > 0) this.askReport(job);
      else if (job.isDrawn && this.reporting?.job !== job) this.over(job);
    }
    this.nextDraws();
  }

  /** Nobody waits for it any more; without another result, what was told last is the result. */
  private over(job: SimulationJob, result?: SimulationResult): void {
    if (result === undefined) job.finish();
    else job.end(result);
    if (!this.jobs.delete(job.id)) return;
    this.draws = this.draws.filter((d) => d.job !== job);
    this.reports = this.reports.filter((j) => j !== job);
    this.reporter.end(job.id);
    // Without shared memory a worker hears of nothing before it is done.
    if (job.cancel === undefined)
      for (const drawer of this.drawers)
        if (drawer.busy?.job === job) {
          drawer.station.stop();
          drawer.busy = undefined;
        }
    this.nextDraws();
  }
}
