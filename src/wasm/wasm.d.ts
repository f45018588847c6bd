declare module '#kernels.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}
declare const WEIR_VERSION: string;
