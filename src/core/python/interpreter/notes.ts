import type { SourceRange } from '../../model/source.js';

/** One thing that stayed unknown, as noted during an evaluation. */
export interface Note {
  readonly reason: string;
  readonly range: SourceRange | undefined;
}

const MOST_NOTES = 500;

/** What an evaluation has to tell the user, each once. */
export class Notes {
  readonly list: Note[] = [];
  private readonly known = new Set<string>();

  add(note: Note): void {
    const key = keyOf(note);
    if (this.known.has(key) || this.list.length >= MOST_NOTES) return;
    this.known.add(key);
    this.list.push(note);
  }

  /** Takes the notes since the first `kept` away, to stand elsewhere or nowhere; they may be made again. */
  take(kept: number): Note[] {
    const taken = this.list.splice(kept);
    for (const note of taken) this.known.delete(keyOf(note));
    return taken;
  }
}

function keyOf({ reason, range }: Note): string {
  return `${range?.file ?? ''}:${String(range?.start ?? -1)}:${reason}`;
}
