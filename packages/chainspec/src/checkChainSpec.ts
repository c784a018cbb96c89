import { type Failure, fail, isHex, ok, type Result } from "@festina/primitives";
import { brokenRecovery } from "./brokenRecovery.ts";
import type { ChainSpec } from "./chainSpec.ts";
import { POW_ENGINES } from "./powEngines.ts";
import { DEVNET_PRESET } from "./preset.ts";
import { SIGNATURE_SUITES } from "./signatureSuites.ts";

export type ChainSpecFailureCode = "CHAIN_SPEC_INVALID";

type Shape = "string" | "number" | "bigint" | "object" | "array";

const OPTIONAL_FIELDS = ["recovery", "development", "unlimitedCode", "unlimitedTransactionGas", "fork"] as const;
type OptionalField = (typeof OPTIONAL_FIELDS)[number];
const FIELDS: Readonly<Record<Exclude<keyof ChainSpec, OptionalField>, Shape>> = {
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
  evidenceWindowSeconds: "number",
  jailAfterPayouts: "number",
  genesisAccounts: "array",
  genesisValidators: "array",
  restarts: "array",
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
  const { preset } = spec;
  if (spec.chainId <= 0n) return "chainId must be positive";
  if (spec.genesisDifficulty < 1n) return "genesisDifficulty must be at least 1";
  if (spec.baseFeeChangeDenominator < 1n) return "baseFeeChangeDenominator must be at least 1";
  if (spec.baseFeeElasticity < 1n) return "baseFeeElasticity must be at least 1";
  if (spec.depositPerSeatWei < 1n) return "depositPerSeatWei must be positive";
  // Evidence that comes when the deposit is gone would cost its offender nothing.
  if (spec.evidenceWindowSeconds > spec.unbondingSeconds) return "evidenceWindowSeconds exceeds unbondingSeconds";
  const { committee, fruits, packing, block } = spec.rewards.split ?? {};
  const shares = [committee, fruits, packing, block];
  if (!shares.every(isCount)) return "rewards.split: expected four numbers";
  if (shares.reduce((sum, share) => sum + share, 0) !== 100) return "rewards.split does not add up to 100";
  if (preset.maxFruits < preset.fruitsPerBlock) return "preset.maxFruits is below preset.fruitsPerBlock";
  if (preset.beaconIntervalBlocks < 1) return "preset.beaconIntervalBlocks must be at least 1";
  // A pointer as deep as freshness allows could never be packed.
  if (preset.pointerDepthBlocks >= preset.freshnessBlocks)
    return "preset.pointerDepthBlocks reaches preset.freshnessBlocks";
  // A fresh fruit's pointer lies above the blocks that its data set is made from, so every branch agrees on its work.
  if (preset.powEpochBlocks < 2 || preset.freshnessBlocks * 75 > preset.powEpochBlocks * 11)
    return "preset.freshnessBlocks exceeds 11/75 of preset.powEpochBlocks";
  // The seat list must be known before its window's successor closes, or elections would queue up.
  if (preset.confirmDepthBlocks > preset.electionWindowBlocks) {
    return "preset.confirmDepthBlocks exceeds preset.electionWindowBlocks";
  }
  if (spec.genesisValidators.length === 0) return "genesisValidators is empty";
  const seatless = spec.genesisValidators.find((validator) => !isCount(validator.seats) || validator.seats < 1);
  if (seatless !== undefined) return `validator ${seatless.address} has no seat`;
  const seats = spec.genesisValidators.reduce((sum, validator) => sum + validator.seats, 0);
  if (seats < 1 || seats > preset.seats) return `genesisValidators hold ${seats} seats, not 1..${preset.seats}`;
  for (const validator of spec.genesisValidators) {
    if (BigInt(validator.seats) * spec.depositPerSeatWei > validator.depositWei) {
      return `validator ${validator.address}: its deposit does not cover ${validator.seats} seats`;
    }
  }
  return null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A damaged entry could split the network, so that nothing of it is taken on trust. */
function brokenRestart(spec: ChainSpec): string | null {
  let before = { blockNumber: 0, epoch: 0 };
  for (const [index, restart] of spec.restarts.entries()) {
    const name = `restarts[${index}]`;
    const { blockNumber, blockHash, epoch, members } = restart ?? {};
    if (!isCount(blockNumber) || !isCount(epoch) || !isHex(blockHash) || blockHash.length !== 66)
      return `${name} does not name a block and an epoch`;
    if (blockHash !== blockHash.toLowerCase()) return `${name}.blockHash is not lower-case`;
    if (blockNumber <= before.blockNumber || epoch <= before.epoch) return `${name} does not come after the one before`;
    before = { blockNumber, epoch };
    if (!Array.isArray(members) || members.length === 0) return `${name}.members is empty`;
    const problem = checkAddresses(members, `${name}.members`);
    if (problem !== null) return problem;
    const areSeated = members.every(({ seats }) => isCount(seats) && seats > 0);
    if (!areSeated || members.reduce((sum, { seats }) => sum + seats, 0) > spec.preset.seats)
      return `${name}.members do not hold 1..${spec.preset.seats} seats`;
    if (new Set(members.map(({ address }) => address)).size < members.length) return `${name}.members repeats one`;
  }
  return null;
}

function isForkPoint(value: unknown): boolean {
  const { blockNumber, blockHash, ...rest } = (value ?? {}) as Record<string, unknown>;
  const isHash = isHex(blockHash) && blockHash.length === 66 && blockHash === blockHash.toLowerCase();
  return isCount(blockNumber) && isHash && Object.keys(rest).length === 0;
}

/** Whoever may set balances must not be able to take others in: a development chain has nobody else in it. */
function brokenDevelopment(spec: ChainSpec): string | null {
  const { development, genesisValidators, recovery } = spec;
  for (const limit of ["unlimitedCode", "unlimitedTransactionGas"] as const)
    if (spec[limit] !== undefined && (spec[limit] !== true || development !== true))
      return `${limit}: expected true on a development chain, or nothing`;
  if (spec.fork !== undefined && (development !== true || !isForkPoint(spec.fork)))
    return "fork: expected number and hash of a block on a development chain, or nothing";
  if (development === undefined) return null;
  if (development !== true) return "development: expected true, or nothing";
  if (genesisValidators.length !== 1) return "development: a development chain has one validator";
  return recovery === undefined ? null : "development: a development chain does not recover";
}

/** Checks a value read from a file or made by a tool. Unknown fields are refused: a typing error must not pass silently. */
export function checkChainSpec(value: unknown): Result<ChainSpec, ChainSpecFailureCode> {
  if (value === null || typeof value !== "object") return invalid("expected an object");
  const record = value as Record<string, unknown>;
  for (const [field, shape] of Object.entries(FIELDS)) {
    if (shapeOf(record[field]) !== shape || record[field] === null) return invalid(`${field}: expected ${shape}`);
  }
  for (const field of Object.keys(record))
    if (!(field in FIELDS) && !OPTIONAL_FIELDS.some((optional) => optional === field))
      return invalid(`${field}: unknown field`);
  const preset = record["preset"] as Record<string, unknown>;
  for (const [field, sample] of Object.entries(DEVNET_PRESET)) {
    const given = preset[field];
    if (typeof given !== typeof sample) return invalid(`preset.${field}: expected ${typeof sample}`);
    if (typeof given === "number" && (!Number.isSafeInteger(given) || given < 0))
      return invalid(`preset.${field}: out of range`);
  }
  const spec = value as ChainSpec;
  if (!SIGNATURE_SUITES.includes(spec.signatureSuite)) return invalid("signatureSuite: unknown");
  if (!POW_ENGINES.includes(spec.powEngine)) return invalid("powEngine: unknown");
  for (const field of ["evidenceWindowSeconds", "jailAfterPayouts", "unbondingSeconds"] as const)
    if (!isCount(spec[field])) return invalid(`${field}: out of range`);
  const problem =
    checkAddresses(spec.genesisAccounts, "genesisAccounts") ??
    checkAddresses(spec.genesisValidators, "genesisValidators") ??
    brokenRelation(spec) ??
    brokenRestart(spec) ??
    brokenRecovery(spec) ??
    brokenDevelopment(spec);
  return problem === null ? ok(spec) : invalid(problem);
}
