/** UTF-8 without `TextEncoder`, which pure packages do not have. For protocol constants: ASCII only. */
export function asciiToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) throw new RangeError("not ASCII");
    bytes[i] = code;
  }
  return bytes;
}
