import { type Failure, fail, isHex, ok, type Result } from "@festina/primitives";
import type { ChainSpec } from "./chainSpec.ts";
import { DEVNET_PRESET } from "./preset.ts";

export type ChainSpecFailureCode = "CHAIN_SPEC_INVALID";

type Shape = "string" | "number" | "bigint" | "object" | "array";

const FIELDS: Readonly<Record<keyof ChainSpec, Shape>> = {
  name: "string",
  chainId: "bigint",
  genesisTimeSeconds: "number",
  preset: "object",
  signatureSuite: "string",
  powEngine: "string",
  genesisDifficulty: "bigint",
  initialBaseFeeWei: "bigint",
  baseFeeChangeDenominator: "bigint",
  baseFeeElasticity: "bigint",
  rewards: "object",
  depositPerSeatWei: "bigint",
  unbondingSeconds: "number",
  genesisAccounts: "array",
  genesisValidators: "array",
};

function shapeOf(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value;
}

function invalid(message: string): { readonly ok: false; readonly error: Failure<ChainSpecFailureCode> } {
  return fail("CHAIN_SPEC_INVALID", message);
}

function checkAddresses(list: readonly unknown[], name: string): string | null {
  for (const [index, entry] of list.entries()) {
    const address = (entry as { address?: unknown } | null)?.address;
    if (!isHex(address) || address.length !== 42 || address !== address.toLowerCase()) {
      return `${name}[${index}].address is not a lower-case address`;
    }
  }
  return null;
}

/** Relations that the rules lean on; each message names the two values. */
function brokenRelation(spec: ChainSpec): string | null {
  const { preset, rewards } = spec;
  const { committee, fruits, packing, block } = rewards.split;
  if (spec.chainId <= 0n) return "chainId must be positive";
  if (spec.genesisDifficulty < 1n) return "genesisDifficulty must be at least 1";
  if (spec.baseFeeChangeDenominator < 1n) return "baseFeeChangeDenominator must be at least 1";
  if (spec.baseFeeElasticity < 1n) return "baseFeeElasticity must be at least 1";
  if (spec.depositPerSeatWei < 1n) return "depositPerSeatWei must be positive";
  if (committee + fruits + packing + block !== 100) return "rewards.split does not add up to 100";
  if (preset.maxFruits < preset.fruitsPerBlock) return "preset.maxFruits is below preset.fruitsPerBlock";
  // A pointer as deep as freshness allows could never be packed.
  if (preset.pointerDepthBlocks >= preset.freshnessBlocks)
    return "preset.pointerDepthBlocks reaches preset.freshnessBlocks";
  // The seat list must be known before its window's successor closes, or elections would queue up.
  if (preset.confirmDepthBlocks > preset.electionWindowBlocks) {
    return "preset.confirmDepthBlocks exceeds preset.electionWindowBlocks";
  }
  const seats = spec.genesisValidators.reduce((sum, validator) => sum + validator.seats, 0);
  if (spec.genesisValidators.length === 0) return "genesisValidators is empty";
  if (seats < 1 || seats > preset.seats) return `genesisValidators hold ${seats} seats, not 1..${preset.seats}`;
  for (const validator of spec.genesisValidators) {
    if (!Number.isInteger(validator.seats) || validator.seats < 1) return `validator ${validator.address} has no seat`;
    if (BigInt(validator.seats) * spec.depositPerSeatWei > validator.depositWei) {
      return `validator ${validator.address}: its deposit does not cover ${validator.seats} seats`;
    }
  }
  return null;
}

/** Checks a value read from a file or made by a tool. Unknown fields are refused: a typing error must not pass silently. */
export function checkChainSpec(value: unknown): Result<ChainSpec, ChainSpecFailureCode> {
  if (value === null || typeof value !== "object") return invalid("expected an object");
  const record = value as Record<string, unknown>;
  for (const [field, shape] of Object.entries(FIELDS)) {
    if (shapeOf(record[field]) !== shape || record[field] === null) return invalid(`${field}: expected ${shape}`);
  }
  for (const field of Object.keys(record)) if (!(field in FIELDS)) return invalid(`${field}: unknown field`);
  const preset = record["preset"] as Record<string, unknown>;
  for (const [field, sample] of Object.entries(DEVNET_PRESET)) {
    const given = preset[field];
    if (typeof given !== typeof sample) return invalid(`preset.${field}: expected ${typeof sample}`);
    if (typeof given === "number" && (!Number.isSafeInteger(given) || given < 0))
      return invalid(`preset.${field}: out of range`);
  }
  const spec = value as ChainSpec;
  if (!["bls", "secp256k1", "ed25519"].includes(spec.signatureSuite)) return invalid("signatureSuite: unknown");
  if (!["keccak", "truehash", "argon2id"].includes(spec.powEngine)) return invalid("powEngine: unknown");
  const problem =
    checkAddresses(spec.genesisAccounts, "genesisAccounts") ??
    checkAddresses(spec.genesisValidators, "genesisValidators") ??
    brokenRelation(spec);
  return problem === null ? ok(spec) : invalid(problem);
}
