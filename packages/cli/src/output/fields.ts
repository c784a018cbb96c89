// An answer of the RPC as people read it: a line per field, quantities in decimal, lists below their name.
const QUANTITY = /^0x(0|[1-9a-f][0-9a-f]{0,63})$/;
/** Quantities are short; data, hashes and addresses keep their zeros and their form. */
const ADDRESS_LENGTH = 42;
const HASH_LENGTH = 66;
const DATA_NAMES = new Set(["input", "data", "result", "returnData", "signature", "publicKey", "code", "r", "s"]);

function isQuantity(name: string, value: string): boolean {
  return (
    !DATA_NAMES.has(name) && value.length !== ADDRESS_LENGTH && value.length !== HASH_LENGTH && QUANTITY.test(value)
  );
}

const NO_LOGS = `0x${"0".repeat(512)}`;
const isTime = (name: string, value: unknown): value is string =>
  (name === "timestamp" || name === "blockTimestamp") && typeof value === "string" && isQuantity(name, value);

/** 1795352708 (2026-11-22 13:05:08 UTC) */
function withDate(seconds: number): string {
  const isDate = seconds > 0 && seconds < 8.64e12;
  return isDate
    ? `${seconds} (${new Date(seconds * 1_000).toISOString().slice(0, -5).replace("T", " ")} UTC)`
    : `${seconds}`;
}

function inDecimal(name: string, value: unknown): string {
  if (isTime(name, value)) return withDate(Number(value));
  if (value === NO_LOGS) return "empty";
  if (typeof value === "string") return isQuantity(name, value) ? BigInt(value).toString() : value;
  return value === null ? "-" : String(value);
}

/** Lines of an object or list, indented by two spaces for each level. */
export function fieldLines(value: unknown, indent = ""): readonly string[] {
  if (value === null || typeof value !== "object") return [`${indent}${inDecimal("", value)}`];
  const entries = Object.entries(value);
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.flatMap(([name, field]) => {
    if (field === null || typeof field !== "object")
      return [`${indent}${name.padEnd(width)}  ${inDecimal(name, field)}`];
    if (Object.keys(field).length === 0) return [`${indent}${name.padEnd(width)}  none`];
    return [`${indent}${name}`, ...fieldLines(field, `${indent}  `)];
  });
}
