/** Python sources are bundled as packed syntax trees: see scripts/lib/pythonLibrary.mjs. */
declare module '*.py' {
  const module: import('../core/python/syntax/packed/index.js').PackedModule;
  export default module;
}
