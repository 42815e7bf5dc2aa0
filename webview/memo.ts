/** The function with its last result kept, for as long as it is asked the same. */
export function memo<A extends readonly unknown[], R>(f: (...args: A) => R): (...args: A) => R {
  let last: { readonly args: A; readonly result: R } | undefined;
  return (...args) => {
    if (last === undefined || !args.every((arg, i) => Object.is(arg, last?.args[i])))
      last = { args, result: f(...args) };
    return last.result;
  };
}
