/** What was thrown, in a word for a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
