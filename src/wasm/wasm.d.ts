declare module '#level-thread.txt' {
  const program: string;
  export default program;
}
declare module '#kernels.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}
declare const WEIR_VERSION: string;
