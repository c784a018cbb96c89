// The third and fourth parameter of `eth_call` and its kin.
import type { Address } from "@festina/primitives";
import {
  optionalQuantity,
  parseAddressParam,
  parseArray,
  parseBytes,
  parseHashParam,
  parseQuantity,
  parseSlot,
} from "../jsonRpc/params.ts";
import { invalidParams, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { AccountOverride, BlockOverrides, CallOverrides } from "../overrides.ts";
import type { RpcBackend } from "../ports.ts";

type Fields = Readonly<Record<string, unknown>>;

const ACCOUNTS_MAX = 1_000;
const SLOTS_MAX = 10_000;
const ACCOUNT_FIELDS = ["nonce", "balance", "code", "state", "stateDiff", "movePrecompileToAddress"];
/** Names that tools use for the same thing: those of the specification first. */
const BLOCK_FIELDS = {
  number: ["number"],
  time: ["time", "timestamp"],
  gasLimit: ["gasLimit"],
  feeRecipient: ["feeRecipient", "coinbase"],
  prevRandao: ["prevRandao", "random"],
  baseFeePerGas: ["baseFeePerGas", "baseFee"],
} as const;
/** Of blobs and withdrawals. */
const FIXED_FIELDS = ["withdrawals", "blobBaseFee"];

export function parseOverrides(
  backend: Pick<RpcBackend, "machineRules">,
  state: unknown,
  block: unknown,
): CallOverrides {
  const accounts = parseAccounts(state);
  checkMoves(backend, accounts);
  return { accounts, block: parseBlock(block) };
}

function parseObject(value: unknown, name: string): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw invalidParams(`${name}: expected an object`);
  return value as Fields;
}

/** What is not understood must not be passed over: the answer would be that of another question. */
function refuseOthers(fields: Fields, known: readonly string[], name: string): void {
  const other = Object.keys(fields).find((field) => !known.includes(field));
  if (other !== undefined) throw invalidParams(`${name}.${other.slice(0, 64)}: not supported`);
}

function parseAccounts(value: unknown): ReadonlyMap<Address, AccountOverride> {
  const entries = Object.entries(parseObject(value, "stateOverrides"));
  if (entries.length > ACCOUNTS_MAX) throw invalidParams(`stateOverrides: more than ${ACCOUNTS_MAX} accounts`);
  return new Map(entries.map(([address, fields]) => [parseAddressParam(address, "address"), parseAccount(fields)]));
}

/** Where precompiled contracts are moved to is nowhere else in the request; by the codes of `eth_simulateV1`. */
function checkMoves(backend: Pick<RpcBackend, "machineRules">, accounts: ReadonlyMap<Address, AccountOverride>): void {
  const targets = new Set<Address>();
  for (const [address, { movePrecompileTo: target }] of accounts) {
    if (target === undefined) continue;
    if (!Object.values(backend.machineRules().precompiles).includes(address))
      throw new RpcError(RPC_CODE.server, `account ${address} is not a precompile`);
    if (target === address)
      throw new RpcError(RPC_CODE.precompileMovedToItself, `account ${address} is moved to itself`);
    if (targets.has(target)) throw new RpcError(RPC_CODE.precompilesMovedTogether, `two are moved to ${target}`);
    if (accounts.has(target)) throw new RpcError(RPC_CODE.server, `account ${target} is already overridden`);
    targets.add(target);
  }
}

function parseAccount(value: unknown): AccountOverride {
  const fields = parseObject(value, "account");
  refuseOthers(fields, ACCOUNT_FIELDS, "account");
  const { code, state, stateDiff, movePrecompileToAddress: target } = fields;
  const [nonce, balanceWei] = [
    optionalQuantity(fields["nonce"], "nonce"),
    optionalQuantity(fields["balance"], "balance"),
  ];
  const isWhole = state !== undefined && state !== null;
  const isPart = stateDiff !== undefined && stateDiff !== null;
  if (isWhole && isPart) throw invalidParams("account: has both state and stateDiff");
  return {
    ...(nonce !== null && { nonce }),
    ...(balanceWei !== null && { balanceWei }),
    ...(code !== undefined && code !== null && { code: parseBytes(code, "code") }),
    ...(target !== undefined &&
      target !== null && { movePrecompileTo: parseAddressParam(target, "movePrecompileToAddress") }),
    ...((isWhole || isPart) && { storage: { isWhole, slots: parseSlots(isWhole ? state : stateDiff) } }),
  };
}

function parseSlots(value: unknown): ReadonlyMap<bigint, bigint> {
  const entries = Object.entries(parseObject(value, "state"));
  if (entries.length > SLOTS_MAX) throw invalidParams(`state: more than ${SLOTS_MAX} slots`);
  return new Map(entries.map(([slot, word]) => [parseSlot(slot, "slot"), parseQuantity(word, "value")]));
}

/** The chain has neither, and says so in every block. */
function refuseFixed({ withdrawals, blobBaseFee }: Fields): void {
  const hasNone = withdrawals === undefined || withdrawals === null;
  if (!hasNone && parseArray(withdrawals, "withdrawals", 0).length > 0)
    throw invalidParams("withdrawals: not supported");
  const priceWei = optionalQuantity(blobBaseFee, "blobBaseFee");
  if (priceWei !== null && priceWei !== 1n) throw invalidParams("blobBaseFee: without blobs it is 1");
}

function parseBlock(value: unknown): BlockOverrides {
  const fields = parseObject(value, "blockOverrides");
  refuseOthers(fields, [...Object.values(BLOCK_FIELDS).flat(), ...FIXED_FIELDS], "blockOverrides");
  refuseFixed(fields);
  const field = (names: readonly string[]): unknown => names.map((name) => fields[name]).find((found) => found != null);
  const integer = (names: readonly string[]): number | null => {
    const quantity = optionalQuantity(field(names), names[0] as string);
    if (quantity !== null && quantity > BigInt(Number.MAX_SAFE_INTEGER))
      throw invalidParams(`${names[0]}: exceeds ${Number.MAX_SAFE_INTEGER}`);
    return quantity === null ? null : Number(quantity);
  };
  const number = integer(BLOCK_FIELDS.number);
  const timestamp = integer(BLOCK_FIELDS.time);
  const gasLimit = optionalQuantity(field(BLOCK_FIELDS.gasLimit), "gasLimit");
  const baseFeePerGasWei = optionalQuantity(field(BLOCK_FIELDS.baseFeePerGas), "baseFeePerGas");
  const [coinbase, prevRandao] = [field(BLOCK_FIELDS.feeRecipient), field(BLOCK_FIELDS.prevRandao)];
  return {
    ...(number !== null && { number }),
    ...(timestamp !== null && { timestamp }),
    ...(gasLimit !== null && { gasLimit }),
    ...(baseFeePerGasWei !== null && { baseFeePerGasWei }),
    ...(coinbase !== undefined && { coinbase: parseAddressParam(coinbase, "feeRecipient") }),
    ...(prevRandao !== undefined && { prevRandao: parseHashParam(prevRandao, "prevRandao") }),
  };
}
