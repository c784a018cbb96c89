import { collectWeights, drawCommittee, recoverySeed } from "@festina/election";
import {
  encodeRlp,
  fail,
  type Hash32,
  hexToBytes,
  ok,
  type Result,
  type RlpReader,
  readRlp,
  rlpInteger,
} from "@festina/primitives";
import type { BlockContext, StateView } from "@festina/tvm";
import { committeeItem, readCommittee } from "@festina/types";
import type { FastChainEnvironment } from "../ports.ts";
import type { ElectionGround } from "./handover.ts";
import type { HybridState } from "./hybridState.ts";
import { readCandidates } from "./registryReader.ts";
import type { SeatedRestart } from "./restart.ts";

/** The snail block that ends a cool-down, and the blocks whose fruits elect who follows. */
export interface RecoveryCut {
  /** How many committees recovery has seated on the same fast block, this one included. */
  readonly cycle: number;
  readonly number: number;
  readonly hash: Hash32;
  readonly window: { readonly first: number; readonly last: number };
}

/** A restart that the snail chain decided on. */
export interface SeatedRecovery extends SeatedRestart {
  readonly cycle: number;
  readonly cutNumber: number;
  readonly cutHash: Hash32;
}

type Environment = Pick<FastChainEnvironment, "spec" | "engine" | "snail" | "suite">;

/**
 * Who goes on after a cut: the validators in the registry as the last anchored block left it (`base`, `view`), weighted by
 * the fruits of the window. Nobody can say `ready()` on a chain that stands still: the fruits alone speak for the living.
 * Too few of them, and the sitting committee has another try, in a new epoch.
 */
export async function drawRecovery(
  base: HybridState,
  cut: RecoveryCut,
  view: StateView,
  block: BlockContext,
  environment: Environment,
): Promise<Result<SeatedRecovery, "ELECTION_BODIES_MISSING">> {
  const gathered = await gatherRecovery(base, cut, view, block, environment);
  if (!gathered.ok) return gathered;
  const { input } = gathered.value;
  return ok({
    blockNumber: base.header.number,
    blockHash: base.hash,
    epoch: input.epoch,
    members: drawCommittee(input).committee.members,
    cycle: cut.cycle,
    cutNumber: cut.number,
    cutHash: cut.hash,
  });
}

/** Everything that `drawRecovery` draws from. */
export async function gatherRecovery(
  base: HybridState,
  cut: RecoveryCut,
  view: StateView,
  block: BlockContext,
  { spec, engine, snail, suite }: Environment,
): Promise<Result<Pick<ElectionGround, "input" | "window" | "fruits">, "ELECTION_BODIES_MISSING">> {
  const { first, last } = cut.window;
  const fruits = snail.packedFruits(first, last, cut.hash);
  if (fruits === undefined) return fail("ELECTION_BODIES_MISSING", `snail blocks ${first} to ${last} are not all here`);
  const candidates = await readCandidates(view, block, engine, suite);
  const input = {
    epoch: base.committee.epoch + cut.cycle,
    seed: recoverySeed(base.header.beacon, cut.hash),
    candidates,
    weights: collectWeights(fruits),
    voided: new Set(candidates.filter(({ isLeaving }) => isLeaving).map(({ address }) => address)),
    windowStartHeight: 0,
    seats: spec.preset.seats,
    depositPerSeatWei: spec.depositPerSeatWei,
    minValidators: spec.preset.minValidators,
    sitting: base.committee,
  };
  return ok({ input, window: cut.window, fruits });
}

/** Far more than a chain survives. */
const RECOVERIES_MAX = 4_096;

/** How a chain remembers its recoveries: rlp([[[block, hash, cycle, cut, cut's hash, committee], ...]]). */
export function encodeRecoveries(recoveries: readonly SeatedRecovery[]): Uint8Array {
  return encodeRlp([
    recoveries.map(({ blockNumber, blockHash, cycle, cutNumber, cutHash, epoch, members }) => [
      rlpInteger(blockNumber),
      hexToBytes(blockHash),
      rlpInteger(cycle),
      rlpInteger(cutNumber),
      hexToBytes(cutHash),
      committeeItem({ epoch, members }),
    ]),
  ]);
}

function readRecovery(reader: RlpReader): SeatedRecovery {
  const blockNumber = reader.number("blockNumber");
  const blockHash = reader.hash("blockHash");
  const cycle = reader.number("cycle");
  const cutNumber = reader.number("cutNumber");
  const cutHash = reader.hash("cutHash");
  const { epoch, members } = reader.list("committee", readCommittee);
  reader.expect(cycle > 0 && cutNumber > 0, "a recovery has a cut");
  return { blockNumber, blockHash, epoch, members, cycle, cutNumber, cutHash };
}

export function decodeRecoveries(bytes: Uint8Array): Result<readonly SeatedRecovery[], "DECODE_INVALID"> {
  return readRlp(bytes, "recoveries", (reader) =>
    reader.many("recoveries", RECOVERIES_MAX, (list) => list.list("recovery", readRecovery)),
  );
}
