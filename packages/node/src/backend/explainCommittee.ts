import type { ChainSpec } from "@festina/chainspec";
import type { SignatureSuite } from "@festina/crypto";
import { advanceElection, type DrawInput, explainDraw } from "@festina/election";
import {
  type ElectionGround,
  gatherElection,
  gatherRecovery,
  hybridTimeMs,
  type SeededElection,
} from "@festina/fastchain";
import { assert, fail, type Hash32, ok, type Result } from "@festina/primitives";
import type { CommitteeExplanation, CommitteeInfo, CommitteeReader, DrawExplanation } from "@festina/rpc";
import { recoveryWindow } from "@festina/snailchain";
import type { Engine } from "@festina/tvm";
import { hashFruit } from "@festina/types";
import type { CommittedChain } from "../chain/committedChain.ts";
import type { SnailService } from "../snail/snailService.ts";
import type { EnvironmentAt } from "./callEnvironment.ts";

export interface CommitteeExplainerOptions {
  readonly spec: ChainSpec;
  readonly committed: CommittedChain;
  readonly snail: SnailService;
  readonly engine: Engine;
  readonly suite: SignatureSuite;
  readonly infoOf: (epoch: number) => CommitteeInfo | undefined;
  /** The accounts as a final block left them. */
  readonly environmentAt: EnvironmentAt;
}

const ELECTION_DOMAIN = "festina/election/1";
const RECOVERY_DOMAIN = "festina/recovery/1";

type Draw = Pick<CommitteeExplanation, "outcome" | "draw">;

/** Draws a committee of the past again, from what the chains have kept, and shows every step. */
export function createCommitteeExplainer(options: CommitteeExplainerOptions): CommitteeReader["explain"] {
  const { committed } = options;
  return async (epoch) => {
    const info = options.infoOf(epoch);
    if (info === undefined) return undefined;
    const recovery = committed.recoveries.find((seated) => seated.epoch === epoch);
    const boundary = committed.block(info.firstBlock - 1)?.block.requests.handover;
    let draw: Result<Draw> = ok({ outcome: epoch === 0 ? "genesis" : "restart", draw: null });
    if (recovery !== undefined) draw = await explainRecovery(options, recovery);
    else if (boundary?.epoch === epoch) draw = await explainElection(options, info.firstBlock - 1);
    return draw.ok ? ok({ info, ...draw.value }) : draw;
  };
}

const missing = (what: string): Result<never> => fail("ELECTION_STATE_MISSING", `this node does not keep ${what}`);

async function explainElection(options: CommitteeExplainerOptions, number: number): Promise<Result<Draw>> {
  const { spec, committed, environmentAt } = options;
  const parent = committed.hybridState(number - 1);
  const boundary = committed.recordedState(number);
  const environment = environmentAt({ number: number - 1, isNext: false });
  if (parent === undefined || boundary === undefined || environment === undefined)
    return missing(`the state of block ${number - 1}`);
  const { pointer, header } = boundary;
  const block = { number, timeMs: hybridTimeMs(boundary), pointerNumber: pointer.number, beacon: header.beacon };
  const election = advanceElection(parent.election, block, spec.preset);
  assert(election.phase === "seeded", "an epoch ends after the seed");
  const { view } = environment;
  const ground = await gatherElection(parent, election, pointer.hash, view, environment.block, options);
  if (!ground.ok) return ground;
  const { input, windowLastHash } = ground.value;
  const { outcome, draw } = describeDraw(ground.value, {
    seed: seedOf(ELECTION_DOMAIN, election.beacon, seedNumber(election, spec), windowLastHash, input),
    frozenHeight: election.frozenHeight,
  });
  return ok({ outcome, draw });
}

async function explainRecovery(
  options: CommitteeExplainerOptions,
  { blockNumber, cycle, cutNumber, cutHash }: CommittedChain["recoveries"][number],
): Promise<Result<Draw>> {
  const { spec, committed, environmentAt } = options;
  const base = committed.recordedState(blockNumber);
  const environment = environmentAt({ number: blockNumber, isNext: false });
  if (base === undefined || environment === undefined) return missing(`the state of block ${blockNumber}`);
  const cut = { cycle, number: cutNumber, hash: cutHash, window: recoveryWindow(cutNumber, spec.preset) };
  const ground = await gatherRecovery(base, cut, environment.view, environment.block, options);
  if (!ground.ok) return ground;
  const { draw } = describeDraw(ground.value, {
    seed: seedOf(RECOVERY_DOMAIN, base.header.beacon, blockNumber, cutHash, ground.value.input),
    frozenHeight: blockNumber,
  });
  return ok({ outcome: "recovery", draw });
}

function seedNumber({ frozenHeight }: SeededElection, { preset }: ChainSpec): number {
  return frozenHeight + preset.seedDelayBlocks;
}

function seedOf(
  domain: string,
  beacon: Hash32,
  beaconNumber: number,
  snailHash: Hash32,
  { seed }: DrawInput,
): DrawExplanation["seed"] {
  return { domain, beacon, beaconNumber, snailHash, value: seed };
}

function describeDraw(
  { input, window, fruits }: Pick<ElectionGround, "input" | "window" | "fruits">,
  facts: Pick<DrawExplanation, "seed" | "frozenHeight">,
): { readonly outcome: "elected" | "sittingStays"; readonly draw: DrawExplanation } {
  const drawn = explainDraw(input);
  const lines = new Map(drawn.lines.map((line) => [line.address, line]));
  const { windowStartHeight, seats, depositPerSeatWei, minValidators, sitting, voided } = input;
  const candidates = input.candidates.map((candidate) => {
    const line = lines.get(candidate.address);
    assert(line !== undefined, "every candidate has a line");
    const { weight, excluded, seatsMax } = line;
    return { ...candidate, weight, excluded, seatsMax, seats: line.seats };
  });
  return {
    outcome: drawn.outcome,
    draw: {
      window,
      ...facts,
      windowStartHeight,
      seats,
      depositPerSeatWei,
      minValidators,
      sitting,
      voided: [...voided],
      candidates,
      offset: drawn.offset,
      line: drawn.line,
      rounds: drawn.rounds,
      fruits: fruits.map((fruit) => ({
        hash: hashFruit(fruit),
        supports: fruit.header.supports,
        difficulty: fruit.header.fruitDifficulty,
      })),
    },
  };
}
