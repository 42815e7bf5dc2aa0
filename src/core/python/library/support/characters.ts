/** The characters of a text, a code point each: what Python calls its items. */
export function characters(text: string): string[] {
  return Array.from(text);
}
