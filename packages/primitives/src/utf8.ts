/** UTF-8 without `TextEncoder`, which pure packages do not have. For protocol constants: ASCII only. */
export function asciiToBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0) as number;
    if (code > 0x7f) throw new RangeError("not ASCII");
    return code;
  });
}
