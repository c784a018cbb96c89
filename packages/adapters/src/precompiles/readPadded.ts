/** `length` bytes from `at` on, a copy; behind the input's end there are zeros. */
export function readPadded(input: Uint8Array, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(input.subarray(at, at + length));
  return bytes;
}
