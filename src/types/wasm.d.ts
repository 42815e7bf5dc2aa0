/** Binaries of src/wasm, compiled when they are imported. */
declare module '*.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}
