import type { Inspection, InspectRequest } from '../core/inspect.js';

/** Messages between the extension host and its worker. Both ends are ours and built together: typed, not validated. */

/** Files found to speak of the inspected file's classes and functions of these names. */
export interface Users {
  readonly names: readonly string[];
  readonly paths: readonly string[];
}

export type WorkerMessage =
  /** Texts of workspace files (`null`: there is none); the worker keeps them until told otherwise. */
  | { readonly kind: 'files'; readonly files: Readonly<Record<string, string | null>> }
  | { readonly kind: 'forget'; readonly paths: readonly string[] }
  | {
      readonly kind: 'inspect';
      readonly id: number;
      readonly request: Omit<InspectRequest, 'isCancelled' | 'now'>;
      readonly roots: readonly string[];
      readonly users?: Users | undefined;
      /** One Int32; set to 1 to stop the work. Absent where memory cannot be shared. */
      readonly cancel?: SharedArrayBuffer | undefined;
    };

export type WorkerReply =
  | {
      readonly kind: 'done';
      readonly id: number;
      readonly inspection: Inspection;
      /** Workspace paths that the result depends on. */
      readonly read: readonly string[];
    }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
