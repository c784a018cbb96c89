// What stands behind a view's name in an address can be typed by hand, and be anything.

export const isHash = (text: string): boolean => /^0x[0-9a-f]{64}$/i.test(text);
export const isAddress = (text: string): boolean => /^0x[0-9a-f]{40}$/i.test(text);

/** Names of blocks that move with the chain. */
export const TAGS: readonly string[] = ["latest", "safe", "finalized", "anchored", "earliest"];

/** What a block is asked for by. */
export type BlockSubject =
  | { readonly kind: "hash"; readonly id: string }
  | { readonly kind: "number"; readonly number: number; readonly id: string }
  | { readonly kind: "tag"; readonly id: string };

/** `null` when the text names no block of any chain. */
export function readBlockSubject(text: string): BlockSubject | null {
  if (isHash(text)) return { kind: "hash", id: text };
  if (TAGS.includes(text)) return { kind: "tag", id: text };
  if (!/^\d{1,15}$/.test(text)) return null;
  return { kind: "number", number: Number(text), id: `0x${Number(text).toString(16)}` };
}
