// A call that an engine broke on, or that two engines answered differently: kept as text, to be run again.
import { type Address, bytesToHex, fail, type Hash32, hexToBytes, ok, type Result } from "@festina/primitives";
import type { BlockContext } from "../blockContext.ts";
import type { EngineCall } from "../engine.ts";
import { isCodeUnlimited, OSAKA_WITH_UNLIMITED_CODE, RULE_SETS, type RuleSet, rulesOf } from "../ruleSet.ts";
import type { RecordedAccount } from "./recordingView.ts";

export interface EngineCase {
  /** Which engine broke, or which two differ, and in what. */
  readonly reason: string;
  readonly call: EngineCall;
  readonly block: BlockContext;
  /** All that the call has met of the world, as it was before. */
  readonly accounts: ReadonlyMap<Address, RecordedAccount>;
  readonly blockHashes: ReadonlyMap<number, Hash32>;
}

export const ENGINE_CASE_FORMAT = "festina-engine-case";
const CASE_VERSION = 1;
const UNLIMITED_NAME = "osaka, unlimited code";
/** Marks whole numbers that JSON has no room for. */
const BIG = /^-?\d+n$/;

function replace(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (value instanceof Map) return [...value];
  return value;
}

const revive = (_: string, value: unknown): unknown =>
  typeof value === "string" && BIG.test(value) ? BigInt(value.slice(0, -1)) : value;

/** Rules that were made for one call have a name that is not read back: a case of theirs cannot be run again. */
function nameOf(rules: RuleSet): string {
  if (rules.movedPrecompiles !== undefined) return `${rules.name}, moved precompiles`;
  return isCodeUnlimited(rules) ? UNLIMITED_NAME : rules.name;
}

export function formatEngineCase({ reason, call, block, accounts, blockHashes }: EngineCase): string {
  const rules = rulesOf(block);
  const named = { ...block, rules: nameOf(rules) };
  const parts = {
    format: ENGINE_CASE_FORMAT,
    version: CASE_VERSION,
    reason,
    call,
    block: named,
    accounts,
    blockHashes,
  };
  return JSON.stringify(parts, replace, 1);
}

/** The case in a text that `formatEngineCase` made; blocks whose hash nobody asked for have none. */
export function parseEngineCase(text: string): Result<EngineCase, "ENGINE_CASE_INVALID"> {
  try {
    const parsed = JSON.parse(text, revive);
    if (parsed.format !== ENGINE_CASE_FORMAT || parsed.version !== CASE_VERSION)
      return fail("ENGINE_CASE_INVALID", "not an engine case");
    const { reason, call, block } = parsed;
    const rules =
      block.rules === UNLIMITED_NAME ? OSAKA_WITH_UNLIMITED_CODE : RULE_SETS.find(({ name }) => name === block.rules);
    if (rules === undefined) return fail("ENGINE_CASE_INVALID", "the case is of rules that nobody knows");
    const blockHashes = new Map<number, Hash32>(parsed.blockHashes);
    const accounts = new Map<Address, RecordedAccount>(
      parsed.accounts.map(([address, recorded]: readonly [Address, Record<string, unknown>]) => [
        address,
        {
          ...recorded,
          code: hexToBytes(recorded["code"] as string),
          storage: new Map(recorded["storage"] as [bigint, bigint][]),
        },
      ]),
    );
    const getBlockHash = (number: number): Hash32 => {
      const hash = blockHashes.get(number);
      if (hash === undefined) throw new RangeError(`the case has no hash of block ${number}`);
      return hash;
    };
    return ok({
      reason,
      call: { ...call, data: hexToBytes(call.data) },
      block: { ...block, rules, getBlockHash },
      accounts,
      blockHashes,
    });
  } catch {
    return fail("ENGINE_CASE_INVALID", "the engine case is damaged");
  }
}
