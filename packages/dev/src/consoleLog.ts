import { keccak256 } from "@festina/crypto";
import { type Address, bytesToBigint, bytesToHex, type Hex, toAddress } from "@festina/primitives";

/** Where Hardhat's `console.sol` sends what contracts print. */
export const CONSOLE_ADDRESS = "0x000000000000000000636f6e736f6c652e6c6f67" as Address;

const WORD = 32;
const SHOWN_BYTES_MAX = 4_096;
/** What a call may print, in the order in which Hardhat's library combines them. */
const KINDS = ["uint256", "string", "bool", "address"] as const;
const SINGLE = ["int256", "uint256", "string", "bool", "address", "bytes"];
const ARGUMENTS_MAX = 4;

function signatures(): readonly (readonly string[])[] {
  const found: string[][] = [[], ...SINGLE.map((kind) => [kind])];
  for (let bytes = 1; bytes <= WORD; bytes++) found.push([`bytes${bytes}`]);
  let longer: string[][] = KINDS.map((kind) => [kind]);
  for (let count = 2; count <= ARGUMENTS_MAX; count++) {
    longer = longer.flatMap((before) => KINDS.map((kind) => [...before, kind]));
    found.push(...longer);
  }
  // console.log(string, int256), of which there is no other with more arguments.
  return [...found, ["string", "int256"]];
}

function selectorOf(kinds: readonly string[], name = "log"): Hex {
  const text = `${name}(${kinds.join(",")})`;
  return bytesToHex(keccak256(new TextEncoder().encode(text)).subarray(0, 4));
}

/** Made on first use: most chains never print. */
let bySelector: ReadonlyMap<Hex, readonly string[]> | null = null;

function kindsOf(selector: Hex): readonly string[] | undefined {
  if (bySelector === null) {
    const table = new Map(signatures().map((kinds) => [selectorOf(kinds), kinds]));
    // Its first versions hashed the short names of the kinds.
    for (const kinds of [...table.values()])
      table.set(selectorOf(kinds.map((kind) => kind.replace("int256", "int"))), kinds);
    // console.logInt and its like are console.log under another name.
    for (const kind of [...SINGLE, ...Array.from({ length: WORD }, (_, index) => `bytes${index + 1}`)])
      table.set(selectorOf([kind], `log${nameOf(kind)}`), [kind]);
    bySelector = table;
  }
  return bySelector.get(selector);
}

function nameOf(kind: string): string {
  const plain = kind.replace(/^(u?int)256$/, "$1");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

function readTail(data: Uint8Array, head: bigint): Uint8Array | null {
  if (head > BigInt(data.length - WORD)) return null;
  const at = Number(head);
  const length = bytesToBigint(data.subarray(at, at + WORD));
  if (length > BigInt(data.length - at - WORD)) return null;
  return data.subarray(at + WORD, at + WORD + Math.min(Number(length), SHOWN_BYTES_MAX));
}

function show(kind: string, word: Uint8Array, data: Uint8Array): string {
  const value = bytesToBigint(word);
  if (/^uint\d*$/.test(kind)) return value.toString();
  if (/^int\d*$/.test(kind)) return BigInt.asIntN(256, value).toString();
  if (kind === "bool") return value === 0n ? "false" : "true";
  if (kind === "address") return toAddress(word.slice(12));
  if (/^bytes\d+$/.test(kind)) return bytesToHex(word.slice(0, Number(kind.slice(5))));
  if (kind !== "string" && kind !== "bytes") return bytesToHex(word.slice());
  const tail = readTail(data, value);
  if (tail === null) return "?";
  return kind === "bytes" ? bytesToHex(tail) : printable(new TextDecoder().decode(tail));
}

/** A contract's text goes to a terminal: it must not steer it. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}

/** `%s` and `%d` in a first text take the values that follow, as in JavaScript. */
function join(kinds: readonly string[], values: readonly string[]): string {
  const [first = "", ...rest] = values;
  if (kinds[0] !== "string") return values.join(" ");
  const taken = [...rest];
  const text = first.replace(/%[sdio%]/g, (mark) => (mark === "%%" ? "%" : (taken.shift() ?? mark)));
  return [text, ...taken].join(" ");
}

/** Values of an ABI encoding, one per kind; what is no plain value is shown as its word. */
export function showWords(kinds: readonly string[], data: Uint8Array): readonly string[] {
  return kinds.map((kind, index) => {
    const word = data.subarray(index * WORD, (index + 1) * WORD);
    return word.length < WORD ? "?" : show(kind, word, data);
  });
}

/** The line that a call to the console prints; `null` for one that no version of it has. Never throws. */
export function decodeConsoleCall(input: Uint8Array): string | null {
  if (input.length < 4) return null;
  const kinds = kindsOf(bytesToHex(input.slice(0, 4)));
  const data = input.subarray(4);
  if (kinds === undefined || data.length < kinds.length * WORD) return null;
  return join(kinds, showWords(kinds, data));
}
