import {
  type Address,
  bigintToMinimalBytes,
  bytesToHex,
  type Hash32,
  type Hex,
  hexToBytes,
  type RlpItem,
  type RlpReader,
  rlpInteger,
} from "@festina/primitives";

/** What a development chain's block sets in one account, whatever was there; `null` leaves it as it is. */
export interface AccountChange {
  readonly address: Address;
  readonly balanceWei: bigint | null;
  readonly nonce: bigint | null;
  readonly code: Hex | null;
  /** Slot to value, both 32-byte words as integers. */
  readonly storage: readonly (readonly [slot: bigint, value: bigint])[];
}

/** What the developer of a development chain decides about a block. Every other network refuses it. */
export interface DevelopmentRequest {
  /** Applied in order, before the block's transactions. */
  readonly accounts: readonly AccountChange[];
  /** Instead of the one that follows from the parent. */
  readonly baseFeePerGasWei: bigint | null;
  /** Instead of the proposer's payout address. */
  readonly coinbase: Address | null;
  /** Of this block and of those after it, until another one is chosen. */
  readonly gasLimit: bigint | null;
  /** Instead of the beacon that follows from the parent's; what code reads as PREVRANDAO. */
  readonly prevRandao: Hash32 | null;
}

export const NO_DEVELOPMENT: DevelopmentRequest = {
  accounts: [],
  baseFeePerGasWei: null,
  coinbase: null,
  gasLimit: null,
  prevRandao: null,
};

/** The least has room for a transfer; no block of the most could be executed in a lifetime, and it is exact as a number. */
export const DEVELOPMENT_GAS_LIMITS = { least: 21_000n, most: 2n ** 40n } as const;

const ACCOUNTS_MAX = 65_536;
const SLOTS_MAX = 1_048_576;
const CODE_BYTES_MAX = 4 * 1024 * 1024;

/** A list of none or one, so that zero and absent differ. */
function maybe<T>(value: T | null, item: (value: T) => RlpItem): RlpItem {
  return value === null ? [] : [item(value)];
}

export function developmentItem(request: DevelopmentRequest): RlpItem {
  const { accounts, baseFeePerGasWei, coinbase, gasLimit, prevRandao } = request;
  const terms = [maybe(gasLimit, rlpInteger), maybe(prevRandao, hexToBytes)];
  return [
    accounts.map(({ address, balanceWei, nonce, code, storage }) => [
      hexToBytes(address),
      maybe(balanceWei, rlpInteger),
      maybe(nonce, rlpInteger),
      maybe(code, hexToBytes),
      storage.map(([slot, value]) => [bigintToMinimalBytes(slot), bigintToMinimalBytes(value)]),
    ]),
    maybe(baseFeePerGasWei, rlpInteger),
    maybe(coinbase, hexToBytes),
    // Requests that do not have them are as they were before there were any.
    ...(gasLimit === null && prevRandao === null ? [] : terms),
  ];
}

function readMaybe<T>(reader: RlpReader, field: string, read: (item: RlpReader) => T): T | null {
  return reader.many(field, 1, read)[0] ?? null;
}

function readChange(reader: RlpReader): AccountChange {
  return {
    address: reader.address("address"),
    balanceWei: readMaybe(reader, "balance", (item) => item.bigint("balance")),
    nonce: readMaybe(reader, "nonce", (item) => item.bigint("nonce", 8)),
    code: readMaybe(reader, "code", (item) => bytesToHex(item.bytes("code", { max: CODE_BYTES_MAX }))),
    storage: reader.many("storage", SLOTS_MAX, (slots) =>
      slots.list("slot", (pair) => [pair.bigint("slot"), pair.bigint("value")] as const),
    ),
  };
}

function readGasLimit(reader: RlpReader): bigint {
  const gasLimit = reader.bigint("gasLimit", 8);
  const { least, most } = DEVELOPMENT_GAS_LIMITS;
  reader.expect(gasLimit >= least && gasLimit <= most, `the gas limit is not from ${least} to ${most}`);
  return gasLimit;
}

function readTerms(reader: RlpReader): Pick<DevelopmentRequest, "gasLimit" | "prevRandao"> {
  if (reader.remaining === 0) return { gasLimit: null, prevRandao: null };
  const gasLimit = readMaybe(reader, "gasLimit", readGasLimit);
  const prevRandao = readMaybe(reader, "prevRandao", (item) => item.hash("prevRandao"));
  reader.expect(gasLimit !== null || prevRandao !== null, "neither a gas limit nor a prevRandao");
  return { gasLimit, prevRandao };
}

export function readDevelopment(reader: RlpReader): DevelopmentRequest {
  return {
    accounts: reader.many("accounts", ACCOUNTS_MAX, (list) => list.list("account", readChange)),
    baseFeePerGasWei: readMaybe(reader, "baseFee", (item) => item.bigint("baseFee")),
    coinbase: readMaybe(reader, "coinbase", (item) => item.address("coinbase")),
    ...readTerms(reader),
  };
}
