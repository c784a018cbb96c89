// What anvil saves of a chain: its accounts can go on here, its blocks cannot.
import { type Address, fail, type Hex, isHex, ok, parseAddress, type Result } from "@festina/primitives";
import { TIME_SECONDS_MAX } from "@festina/rpc";
import type { AccountChange } from "@festina/types";

export interface AnvilState {
  /** In parts that each fit a block. */
  readonly parts: readonly (readonly AccountChange[])[];
  /** Unix seconds of its newest block; `null` where it says none. */
  readonly timestampSeconds: number | null;
  /** What cannot be taken over. */
  readonly blocks: number;
  readonly transactions: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** A block has room for four times as much. */
const PART_BYTES_MAX = 1024 * 1024;
const CODE_BYTES_MAX = 2 * 1024 * 1024;
/** A slot and its value with their lengths. */
const SLOT_BYTES = 68;
const SLOTS_PER_CHANGE_MAX = Math.floor(PART_BYTES_MAX / SLOT_BYTES);
const ACCOUNT_BYTES = 100;

const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** By its form: it has no name of its own. */
export function isAnvilState(fields: Fields): boolean {
  return fields["format"] === undefined && isFields(fields["accounts"]);
}

const invalid = (message: string): Result<never, "DUMP_INVALID"> => fail("DUMP_INVALID", message);

/** A number, or up to 32 bytes in hex. */
function readNumber(value: unknown): bigint | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null;
  return typeof value === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(value) ? BigInt(value) : null;
}

function readCode(value: unknown): Hex | null {
  return isHex(value) && value.length <= 2 + 2 * CODE_BYTES_MAX ? (value.toLowerCase() as Hex) : null;
}

function readStorage(value: unknown): AccountChange["storage"] | null {
  if (!isFields(value)) return null;
  const slots: [bigint, bigint][] = [];
  for (const [name, held] of Object.entries(value)) {
    const [slot, word] = [readNumber(name), readNumber(held)];
    if (slot === null || word === null) return null;
    slots.push([slot, word]);
  }
  return slots;
}

function readAccount(name: string, value: unknown): Result<AccountChange, "DUMP_INVALID"> {
  const address = parseAddress(name);
  if (!address.ok || !isFields(value)) return invalid(`the state's account ${name.slice(0, 64)} is damaged`);
  const nonce = readNumber(value["nonce"] ?? 0);
  const balanceWei = readNumber(value["balance"] ?? 0);
  const code = readCode(value["code"] ?? "0x");
  const storage = readStorage(value["storage"] ?? {});
  if (nonce === null || nonce >= 2n ** 64n || balanceWei === null || code === null || storage === null)
    return invalid(`the state's account ${address.value} is damaged`);
  return ok({ address: address.value, nonce, balanceWei, code, storage });
}

/** Slots beyond what a block has room for are set by a change of their own. */
function* splitAccount(account: AccountChange): Generator<AccountChange> {
  const { address, storage } = account;
  yield { ...account, storage: storage.slice(0, SLOTS_PER_CHANGE_MAX) };
  for (let from = SLOTS_PER_CHANGE_MAX; from < storage.length; from += SLOTS_PER_CHANGE_MAX)
    yield { ...nothingOf(address), storage: storage.slice(from, from + SLOTS_PER_CHANGE_MAX) };
}

const nothingOf = (address: Address): AccountChange => ({
  ...{ address, balanceWei: null, nonce: null, code: null, storage: [] },
});

const bytesOf = ({ code, storage }: AccountChange): number =>
  ACCOUNT_BYTES + (code?.length ?? 0) / 2 + storage.length * SLOT_BYTES;

function splitIntoParts(accounts: readonly AccountChange[]): AnvilState["parts"] {
  const parts: AccountChange[][] = [];
  let bytesLeft = 0;
  for (const change of accounts.flatMap((account) => [...splitAccount(account)])) {
    const bytes = bytesOf(change);
    if (bytes > bytesLeft) {
      parts.push([]);
      bytesLeft = PART_BYTES_MAX;
    }
    parts.at(-1)?.push(change);
    bytesLeft -= bytes;
  }
  return parts;
}

function readTime(block: unknown): number | null {
  const seconds = isFields(block) ? readNumber(block["timestamp"]) : null;
  return seconds === null || seconds > BigInt(TIME_SECONDS_MAX) ? null : Number(seconds);
}

const countOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** Leaves out accounts that the machine itself keeps here, such as hashes of earlier blocks. Says which account is damaged. */
export function readAnvilState(fields: Fields, kept: ReadonlySet<Address>): Result<AnvilState, "DUMP_INVALID"> {
  const accounts: AccountChange[] = [];
  for (const [name, value] of Object.entries(fields["accounts"] as Fields)) {
    const account = readAccount(name, value);
    if (!account.ok) return account;
    if (!kept.has(account.value.address)) accounts.push(account.value);
  }
  return ok({
    parts: splitIntoParts(accounts),
    timestampSeconds: readTime(fields["block"]),
    blocks: countOf(fields["blocks"]),
    transactions: countOf(fields["transactions"]),
  });
}
