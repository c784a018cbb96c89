/** Turns a generated kernel (base64) into its exports. `imports` by module and name, for kernels that ask their host. */
export function loadKernel(
  wasmBase64: string,
  imports: Readonly<Record<string, Record<string, unknown>>> = {},
): Readonly<Record<string, unknown>> {
  const compiled = new WebAssembly.Module(Buffer.from(wasmBase64, "base64"));
  return new WebAssembly.Instance(compiled, imports as ConstructorParameters<typeof WebAssembly.Instance>[1] & {})
    .exports;
}
