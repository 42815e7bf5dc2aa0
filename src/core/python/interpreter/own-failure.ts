/**
 * What is said of a mistake of our own, so that it costs the user one statement or model and not the whole file. The
 * sweep over public repositories counts these words as a crash.
 */
export function ownFailure(e: unknown): string {
  return `InitScope failed here: ${e instanceof Error ? e.message : String(e)}`;
}
