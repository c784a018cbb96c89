/**
 * What follows from a key, worked out once: a committee gives the same arrays each time, and gets the same ones back. Keys
 * are never written to.
 */
export function rememberByArray<Value extends object>(
  workOut: (bytes: Uint8Array) => Value,
): (bytes: Uint8Array) => Value {
  const known = new WeakMap<Uint8Array, Value>();
  return (bytes) => {
    const found = known.get(bytes);
    if (found !== undefined) return found;
    const value = workOut(bytes);
    known.set(bytes, value);
    return value;
  };
}
