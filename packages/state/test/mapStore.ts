import { bytesToHex } from "@festina/primitives";
import type { KeyValueStore } from "@festina/storage";

/** The smallest store there is: a sorted copy per range read. */
export function aMapStore(): KeyValueStore {
  const entries = new Map<string, readonly [Uint8Array, Uint8Array]>();
  return {
    get: (key) => entries.get(bytesToHex(key))?.[1],
    entries: async ({ from, to, max = Number.POSITIVE_INFINITY }) =>
      [...entries.entries()]
        .filter(([name]) => name >= bytesToHex(from) && name < bytesToHex(to))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, max)
        .map(([, entry]) => entry),
    write: async (batch) => {
      for (const operation of batch) {
        if (operation.type === "put") entries.set(bytesToHex(operation.key), [operation.key, operation.value]);
        else entries.delete(bytesToHex(operation.key));
      }
    },
    close: async () => undefined,
  };
}
