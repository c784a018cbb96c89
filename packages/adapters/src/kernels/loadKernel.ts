/** Turns a generated kernel (base64) into its exports. Kernels import nothing. */
export function loadKernel(wasmBase64: string): Readonly<Record<string, unknown>> {
  const compiled = new WebAssembly.Module(Buffer.from(wasmBase64, "base64"));
  return new WebAssembly.Instance(compiled, {}).exports;
}
