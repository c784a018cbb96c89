// A genesis file as geth and those like it read it. Accounts, chain id, time, gas limit and base fee are taken from it; which
// forks it asks for, and what belongs to another consensus, has no meaning here.
import type { GenesisAccount } from "@festina/chainspec";
import { type Address, fail, type Hex, ok, type Result } from "@festina/primitives";
import { z } from "zod";

export interface GethGenesis {
  readonly accounts: readonly GenesisAccount[];
  readonly chainId: bigint | undefined;
  /** Unix seconds. */
  readonly timestamp: number | undefined;
  readonly gasLimit: bigint | undefined;
  readonly baseFeePerGasWei: bigint | undefined;
}

export const GENESIS_ACCOUNTS_MAX = 100_000;
const WORD_MAX = 2n ** 256n;
const U64_MAX = 2n ** 64n;
const SECONDS_MAX = 253_402_300_799n;
const CHAIN_ID_MAX = 2n ** 48n;
const GAS_LIMIT_MIN = 1_000_000n;
const GAS_LIMIT_MAX = 2n ** 40n;

/** Hex, decimal text or a JSON number, as such files have them; from `min` on, below `end`. */
function whole(end: bigint, min = 0n) {
  return z.union([z.string().max(80), z.number()]).transform((value, context) => {
    const isWhole =
      typeof value === "number" ? Number.isSafeInteger(value) && value >= 0 : /^(0x[0-9a-f]+|[0-9]+)$/i.test(value);
    const number = isWhole ? BigInt(value) : -1n;
    if (number >= min && number < end) return number;
    const what =
      typeof value === "number" && value > Number.MAX_SAFE_INTEGER
        ? "is too large for a JSON number; write it as text"
        : `is no whole number from ${min} up to ${end - 1n}`;
    context.addIssue({ code: "custom", message: what });
    return z.NEVER;
  });
}

const address = z
  .string()
  .regex(/^(0x)?[0-9a-f]{40}$/i, "is no address")
  .transform((text) => `0x${text.toLowerCase().replace(/^0x/, "")}` as Address);
const code = z
  .string()
  .regex(/^(0x)?([0-9a-f]{2})*$/i, "are no bytes in hex")
  .transform((text) => `0x${text.toLowerCase().replace(/^0x/, "")}` as Hex);
const word = z
  .string()
  .regex(/^(0x)?[0-9a-f]{1,64}$/i, "is no word of 32 bytes in hex")
  .transform((text) => BigInt(`0x${text.replace(/^0x/i, "")}`));

/** The entries of an object; a key that is written in two ways is refused, for it is not clear which of them counts. */
function entriesOf<Key, Value>(key: z.ZodType<Key, string>, value: z.ZodType<Value, unknown>) {
  return z.record(z.string(), value).transform((record, context) => {
    const found = new Map<Key, Value>();
    for (const [text, entry] of Object.entries(record)) {
      const read = key.safeParse(text);
      const problem = read.success ? (found.has(read.data) ? "is there twice" : null) : read.error.issues[0]?.message;
      if (problem !== null) context.addIssue({ code: "custom", path: [text], message: problem ?? "is wrong" });
      else if (read.success) found.set(read.data, entry);
    }
    return [...found];
  });
}

const account = z.object({
  balance: whole(WORD_MAX).default(0n),
  nonce: whole(U64_MAX - 1n).optional(),
  code: code.optional(),
  storage: entriesOf(word, word).optional(),
});

const schema = z.object({
  config: z.object({ chainId: whole(CHAIN_ID_MAX, 1n).optional() }).optional(),
  alloc: entriesOf(address, account),
  timestamp: whole(SECONDS_MAX + 1n).optional(),
  gasLimit: whole(GAS_LIMIT_MAX + 1n, GAS_LIMIT_MIN).optional(),
  baseFeePerGas: whole(U64_MAX).optional(),
});

/** Says where a parsed file is wrong. */
export function parseGethGenesis(value: unknown): Result<GethGenesis, "GENESIS_FILE_INVALID"> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join(".") ?? "";
    return fail("GENESIS_FILE_INVALID", `${path === "" ? "the file" : path} ${issue?.message ?? "is wrong"}`);
  }
  const { config, alloc, timestamp, gasLimit, baseFeePerGas } = parsed.data;
  if (alloc.length > GENESIS_ACCOUNTS_MAX)
    return fail("GENESIS_FILE_INVALID", `alloc has more than ${GENESIS_ACCOUNTS_MAX} accounts`);
  if (alloc.reduce((sum, [, { balance }]) => sum + balance, 0n) >= WORD_MAX)
    return fail("GENESIS_FILE_INVALID", "alloc has more wei than 32 bytes can count");
  const accounts = alloc.map(([address, { balance, nonce, code: bytes, storage }]) => ({
    address,
    balanceWei: balance,
    ...(nonce === undefined ? {} : { nonce }),
    ...(bytes === undefined || bytes === "0x" ? {} : { code: bytes }),
    ...(storage === undefined ? {} : { storage: storage.filter(([, word]) => word !== 0n) }),
  }));
  return ok({
    accounts,
    chainId: config?.chainId,
    timestamp: timestamp === undefined ? undefined : Number(timestamp),
    gasLimit,
    baseFeePerGasWei: baseFeePerGas,
  });
}
