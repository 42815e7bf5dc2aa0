import type { Inspection, InspectRequest } from '../core/inspect.js';
import type {
  EditsOffered,
  EditsWanted,
  Report,
  SignalValues,
  SimulationProgress,
  SimulationSettings,
} from '../core/model/index.js';
import type { LabFrame } from './lab/frames.js';
import type { LabStart } from './lab/settings.js';

/** Messages between a host and its workers. Both ends are ours and built together: typed, not validated. */

/** Files found to speak of the inspected file's classes and functions of these names. */
export interface Users {
  readonly names: readonly string[];
  readonly paths: readonly string[];
}

/** Plain data as bytes: whoever only hands it on from one worker to another never takes it apart. */
export type Packed = Uint8Array<ArrayBuffer>;

export type WorkerMessage = InspectMessage | SimulateMessage | LabMessage;

export type InspectMessage =
  /** Texts of workspace files (`null`: there is none); the worker keeps them until told otherwise. */
  | { readonly kind: 'files'; readonly files: Readonly<Record<string, string | null>> }
  | { readonly kind: 'forget'; readonly paths: readonly string[] }
  | ({
      readonly kind: 'inspect';
      /** The models too, for simulations of other kinds. */
      readonly withModels?: boolean | undefined;
    } & InspectTask)
  /** Edits for what such an inspection says: of the last one, where that was of the same text. */
  | ({ readonly kind: 'edits'; readonly wanted: EditsWanted } & InspectTask);

/** An inspection that is asked for. */
export interface InspectTask {
  readonly id: number;
  readonly request: Omit<InspectRequest, 'isCancelled' | 'now'>;
  readonly roots: readonly string[];
  readonly users?: Users | undefined;
  /** One Int32; set to 1 to stop the work. Absent where memory cannot be shared. */
  readonly cancel?: SharedArrayBuffer | undefined;
}

/** Simulations run in workers of their own, so that no inspection waits for them. */
export type SimulateMessage =
  /** A model to keep under that number; without `packed`: to forget. */
  | { readonly kind: 'model'; readonly model: number; readonly packed?: Packed | undefined }
  /** A Report of the model: by moments, or of the draws told so far under this id, those in `results` being new. */
  | {
      readonly kind: 'simulate';
      readonly id: number;
      readonly model: number;
      readonly settings: SimulationSettings;
      readonly results: readonly SeedResult[];
      /** The numbers alone will do where the layers are those of the model as it is. */
      readonly valuesOnly?: boolean | undefined;
    }
  /** No more draws will be told under this id. */
  | { readonly kind: 'end'; readonly id: number }
  /** One draw at finite width: the seed that many places after the first. */
  | {
      readonly kind: 'seed';
      readonly id: number;
      readonly model: number;
      readonly settings: SimulationSettings;
      readonly index: number;
      /** Threads that nobody else needs. */
      readonly helpers: number;
      readonly cancel?: SharedArrayBuffer | undefined;
    };

/** The Lab's experiments run in a worker of their own as well: one at a time. */
export type LabMessage =
  /** A pair of idx files for the experiments that want images; kept. */
  | { readonly kind: 'labImages'; readonly images: Uint8Array; readonly labels: Uint8Array }
  /** In place of what runs. */
  | {
      readonly kind: 'labStart';
      readonly id: number;
      readonly what: LabStart;
      readonly play: boolean;
      /** The packed `Model` that races, where one does. */
      readonly model?: Packed | undefined;
    }
  | { readonly kind: 'labPlay' | 'labPause' | 'labStep' | 'labSeen' };

/** What one draw has shown: packed `SeedStatistics`. */
export interface SeedResult {
  readonly index: number;
  readonly packed: Packed;
}

export type WorkerReply =
  /** The next report of an inspection: one by one, so that whoever listens is never held up by all of them. */
  | { readonly kind: 'report'; readonly id: number; readonly report: Report }
  | {
      readonly kind: 'done';
      readonly id: number;
      /** Its reports follow those told before. */
      readonly inspection: Inspection;
      /** Workspace paths that the result depends on. */
      readonly read: readonly string[];
      /** By report, where they were asked for: the packed `Model`. */
      readonly models?: readonly Packed[] | undefined;
    }
  | { readonly kind: 'edits'; readonly id: number; readonly offered: EditsOffered }
  | {
      readonly kind: 'simulated';
      readonly id: number;
      readonly report: Report;
      /** So many draws at finite width are to follow: this is what moments say meanwhile. Absent: none are. */
      readonly preview?: { readonly seeds: number } | undefined;
    }
  | { readonly kind: 'values'; readonly id: number; readonly values: SignalValues }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: SimulationProgress }
  | ({ readonly kind: 'drawn'; readonly id: number } & SeedResult)
  /** The images were read, so many; or why they were not, and those before stay. `id` is 0. */
  | { readonly kind: 'labImages'; readonly id: number; readonly count?: number; readonly problem?: string }
  | {
      readonly kind: 'labFrame';
      readonly id: number;
      readonly isPlaying: boolean;
      readonly isOver: boolean;
      readonly data: LabFrame;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
