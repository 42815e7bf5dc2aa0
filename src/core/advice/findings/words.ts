/** Three significant digits, as in every other number that is shown. */
export function short(x: number): string {
  if (x === 0) return '0';
  const rounded = Number(x.toPrecision(3));
  const size = Math.abs(rounded);
  return size >= 1e5 || size < 1e-3 ? rounded.toExponential().replace('e+', 'e') : String(rounded);
}

/** A number of things: whole, or with one decimal. */
export function count(x: number): string {
  return String(Number(x.toFixed(1)));
}

/** `falls 6×`, `grows 2.5×`. */
export function change(factor: number): string {
  return factor < 1 ? `falls ${short(1 / factor)}×` : `grows ${short(factor)}×`;
}

/** The same of several things: `fall 6×`, `grow 2.5×`. */
export function changes(factor: number): string {
  return change(factor).replace('s ', ' ');
}

/** `at each of 19 layers in a row, 6.1e14× in all`; one layer needs no total. */
export function over({ count, total }: { readonly count: number; readonly total: number }): string {
  if (count === 1) return 'there';
  return `at each of ${count} layers in a row, ${short(total < 1 ? 1 / total : total)}× in all`;
}
