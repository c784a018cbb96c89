// What a node sends is checked before it is a number here: a page must not break on what it is told.

/** A quantity of JSON-RPC ("0x1f") or a plain number; 0 for anything else. */
export function readNumber(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value !== "string" || !/^0x[0-9a-f]{1,14}$/i.test(value)) return 0;
  return Number(value);
}

/** As `readNumber`, of any size up to 2^4096. */
export function readBigint(value: unknown): bigint {
  if (typeof value !== "string" || !/^(0x[0-9a-f]{1,1024}|\d{1,1200})$/i.test(value)) return 0n;
  return BigInt(value);
}
