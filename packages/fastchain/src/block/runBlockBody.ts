import { encodeOnEpoch, FEE_POT, VALIDATOR_REGISTRY } from "@festina/contracts";
import { advanceElection, startElection, windowOf } from "@festina/election";
import { type Address, assert, type Failure, fail, type Hash32, type Result } from "@festina/primitives";
import {
  type BlockContext,
  creditBalance,
  debitBalance,
  EngineFaultError,
  executeTransaction,
  readAccount,
  StateElsewhereError,
  StateUnreachableError,
  type StateView,
  systemCall,
  type TransactionFailureCode,
  type TransactionOutcome,
} from "@festina/tvm";
import { type Committee, type HybridRequests, mergeBlooms, type RecoveredTransaction } from "@festina/types";
import { callRoll, keepAbsences } from "../chain/absences.ts";
import { applyDevelopment, type SupplyChange } from "../chain/development.ts";
import type { HybridState, PointerState } from "../chain/hybridState.ts";
import { countCertificate, NO_PARTICIPATION, type Participation } from "../chain/participation.ts";
import { readCandidates } from "../chain/registryReader.ts";
import type { SeatedRestart } from "../chain/restart.ts";
import type { Ancestry, FastChainEnvironment } from "../ports.ts";
import type { CarriedCertificate } from "./certificateRules.ts";
import { divideFeePot } from "./computeRewards.ts";
import { type ExecutedTransaction, toExecuted } from "./executedTransaction.ts";
import { jailAbsent, nextSlashed, slashGuilty } from "./penalties.ts";
import { writeRings } from "./ringWrites.ts";

/** What building and verifying have in common: everything about a block but its transactions and its roots. */
export interface BlockFrame {
  readonly parent: HybridState;
  readonly context: BlockContext;
  readonly timeMs: number;
  readonly pointer: PointerState;
  readonly pointerMoved: boolean;
  readonly requests: HybridRequests;
  readonly certificate: CarriedCertificate | null;
  readonly ancestry: Ancestry;
  /** The validator that proposed the block. */
  readonly proposer: Address;
  /** Whom the block's evidence convicts. */
  readonly guilty: readonly Address[];
}

export interface TransactionRun {
  readonly executed: readonly ExecutedTransaction[];
  readonly transactions: readonly RecoveredTransaction[];
  readonly gasUsed: bigint;
  readonly logsBloom: Uint8Array;
  readonly baseFeeBurnedWei: bigint;
  readonly selfDestructBurnedWei: bigint;
}

export type TransactionRefusal = Failure<TransactionFailureCode | "ENGINE_FAULT" | "STATE_UNREACHABLE">;

/** Collects transactions as they are executed, in order, within the block's gas. */
export class TransactionRunner {
  readonly #frame: BlockFrame;
  readonly #view: StateView;
  readonly #environment: FastChainEnvironment;
  readonly #executed: ExecutedTransaction[] = [];
  readonly #transactions: RecoveredTransaction[] = [];
  #gasUsed = 0n;
  #baseFeeBurnedWei = 0n;
  #selfDestructBurnedWei = 0n;

  constructor(frame: BlockFrame, view: StateView, environment: FastChainEnvironment) {
    this.#frame = frame;
    this.#view = view;
    this.#environment = environment;
  }

  get gasAvailable(): bigint {
    return this.#frame.context.gasLimit - this.#gasUsed;
  }

  /** `null` when it was executed, whether or not its code succeeded; else why it may not stand here. State is then as before. */
  async run(transaction: RecoveredTransaction): Promise<TransactionRefusal | null> {
    const rest = this.#environment.engine.pace?.rest() ?? null;
    if (rest !== null) await rest;
    const outcome = await this.#execute(transaction);
    if (!outcome.ok) return outcome.error;
    this.#executed.push(toExecuted(transaction, outcome.value, this.#gasUsed));
    this.#transactions.push(transaction);
    this.#gasUsed += outcome.value.gasUsed;
    this.#baseFeeBurnedWei += outcome.value.burned.baseFeeWei;
    this.#selfDestructBurnedWei += outcome.value.burned.selfDestructWei;
    return null;
  }

  /** An engine that breaks is neither success nor failure of the code: a proposer leaves the transaction out, a voter the block. */
  async #execute(transaction: RecoveredTransaction): Promise<Result<TransactionOutcome, TransactionRefusal["code"]>> {
    try {
      return await this.#run(transaction);
    } catch (error) {
      if (error instanceof StateElsewhereError) return this.#executeOnceFetched(transaction, error);
      if (error instanceof EngineFaultError) return fail("ENGINE_FAULT", error.message);
      throw error;
    }
  }

  async #executeOnceFetched(
    transaction: RecoveredTransaction,
    { fetch }: StateElsewhereError,
  ): Promise<Result<TransactionOutcome, TransactionRefusal["code"]>> {
    try {
      await fetch();
    } catch (error) {
      if (error instanceof StateUnreachableError) return fail("STATE_UNREACHABLE", error.message);
      throw error;
    }
    return this.#execute(transaction);
  }

  #run(transaction: RecoveredTransaction): ReturnType<typeof executeTransaction> {
    return executeTransaction({
      transaction,
      view: this.#view,
      block: this.#frame.context,
      engine: this.#environment.engine,
      recoverPublicKey: this.#environment.recoverPublicKey,
      feePot: FEE_POT,
      gasAvailable: this.gasAvailable,
    });
  }

  result(): TransactionRun {
    return {
      executed: this.#executed,
      transactions: this.#transactions,
      gasUsed: this.#gasUsed,
      logsBloom: mergeBlooms(this.#executed.map(({ receipt }) => receipt.logsBloom)),
      baseFeeBurnedWei: this.#baseFeeBurnedWei,
      selfDestructBurnedWei: this.#selfDestructBurnedWei,
    };
  }
}

/** Before the transactions: what contracts can look up about the past, and what the developer of a chain sets. */
export function beginBlock(frame: BlockFrame, view: StateView): SupplyChange {
  const { number, timestamp } = frame.context;
  writeRings(view, number, timestamp, frame.parent.hash, frame.pointer.hash);
  return applyDevelopment(view, frame.requests.development);
}

/**
 * Participation including the certificate that this block carries. Only certificates of the sitting committee count:
 * whoever has just been seated could not have signed the boundary block's.
 */
export function nextParticipation(frame: Pick<BlockFrame, "parent" | "requests" | "certificate">): Participation {
  const { parent, requests, certificate } = frame;
  if (certificate === null || requests.certificate === null) return parent.participation;
  if (certificate.committee.epoch !== parent.committee.epoch) return parent.participation;
  return countCertificate(parent.participation, requests.certificate, certificate.committee);
}

function payCommitteeAndMiners(frame: BlockFrame, view: StateView, participation: Participation): bigint {
  let mintedWei = 0n;
  for (const { to, amountWei } of frame.requests.rewards) {
    creditBalance(view, to, amountWei);
    mintedWei += amountWei;
  }
  const potWei = readAccount(view, FEE_POT).balanceWei;
  for (const { to, amountWei } of divideFeePot(potWei, frame.parent, participation)) {
    assert(debitBalance(view, FEE_POT, amountWei), "the pot holds what is divided");
    creditBalance(view, to, amountWei);
  }
  return mintedWei;
}

async function announceEpoch(
  frame: BlockFrame,
  view: StateView,
  committee: Committee,
  environment: FastChainEnvironment,
): Promise<void> {
  const data = encodeOnEpoch(
    committee.epoch,
    committee.members.map(({ address }) => address),
  );
  const answer = await systemCall({
    to: VALIDATOR_REGISTRY,
    data,
    view,
    block: frame.context,
    engine: environment.engine,
  });
  assert(answer.kind === "success", "the registry takes the next committee");
}

/**
 * The registry has not heard of a committee that the chain spec or a recovery seated. It counts epochs one by one: those of
 * committees that recovery replaced before they made a block come and go without members.
 */
async function announceRestart(
  frame: BlockFrame,
  view: StateView,
  { epoch, cycle = 1 }: SeatedRestart,
  environment: FastChainEnvironment,
): Promise<void> {
  for (let passed = epoch - cycle + 1; passed < epoch; passed++)
    await announceEpoch(frame, view, { epoch: passed, members: [] }, environment);
  await announceEpoch(frame, view, frame.parent.committee, environment);
}

/** How the committee stands after a block: what follows from certificates and evidence alone. */
export interface Standing extends Pick<HybridState, "participation" | "absences" | "slashed"> {
  readonly jailed: readonly Address[];
}

export function standingAfter(frame: BlockFrame, environment: Pick<FastChainEnvironment, "spec" | "epochs">): Standing {
  const { committee } = frame.parent;
  let participation = nextParticipation(frame);
  let { absences } = frame.parent;
  let jailed: readonly Address[] = [];
  if (frame.pointerMoved) {
    const roll = callRoll(absences, participation, committee, environment.spec.jailAfterPayouts);
    ({ absences, jailed } = roll);
    participation = NO_PARTICIPATION;
  }
  const { handover } = frame.requests;
  if (handover !== null) {
    absences = keepAbsences(absences, handover);
    // The next committee is judged by its own certificates.
    participation = NO_PARTICIPATION;
  }
  return { participation, absences, jailed, slashed: nextSlashed(frame, environment) };
}

/** What the end of a block changes besides the accounts. */
export interface BlockEnding extends Pick<HybridState, "participation" | "absences" | "slashed" | "candidates"> {
  readonly mintedWei: bigint;
  readonly slashBurnedWei: bigint;
}

/**
 * After the transactions: penalties, rewards, the turn of the epoch, and the snapshot of candidates when the window
 * freezes.
 */
export async function endBlock(
  frame: BlockFrame,
  view: StateView,
  environment: FastChainEnvironment,
  begun: SupplyChange,
): Promise<BlockEnding> {
  const restart = environment.epochs.restartAfter(frame.parent.hash);
  if (restart !== undefined) await announceRestart(frame, view, restart, environment);
  const slashBurnedWei = begun.burnedWei + (await slashGuilty(frame, view, environment));
  const { jailed, ...standing } = standingAfter(frame, environment);
  let { mintedWei } = begun;
  if (frame.pointerMoved) {
    mintedWei += payCommitteeAndMiners(frame, view, nextParticipation(frame));
    await jailAbsent(jailed, frame, view, environment);
  }
  const { handover } = frame.requests;
  if (handover !== null) await announceEpoch(frame, view, handover, environment);
  const candidates = isFreezing(frame, environment)
    ? await readCandidates(view, frame.context, environment.engine, environment.suite)
    : frame.parent.candidates;
  return { ...standing, candidates, mintedWei, slashBurnedWei };
}

/** Whether the block closes the window: the registry's entries after it are the candidates. */
function isFreezing(frame: BlockFrame, environment: Pick<FastChainEnvironment, "spec">): boolean {
  return frame.parent.election.phase === "collecting" && trackerAfter(frame, environment).phase !== "collecting";
}

function trackerAfter(frame: BlockFrame, environment: Pick<FastChainEnvironment, "spec">) {
  const { number, prevRandao } = frame.context;
  const block = { number, timeMs: frame.timeMs, pointerNumber: frame.pointer.number, beacon: prevRandao };
  return advanceElection(frame.parent.election, block, environment.spec.preset);
}

/** Election and committee after the block: on in the same epoch, or the first state of the next. */
export function nextElection(
  frame: BlockFrame,
  hash: Hash32,
  environment: Pick<FastChainEnvironment, "spec">,
): Pick<
  HybridState,
  "election" | "committee" | "previousCommittee" | "epochBaseNumber" | "epochBaseHash" | "nextWindowHeight"
> {
  const { parent, context, pointer, requests } = frame;
  const { preset } = environment.spec;
  const followingWindow = windowOf(parent.election.epoch + 1, preset);
  const hasOpened = parent.nextWindowHeight === 0 && pointer.number >= followingWindow.first;
  const nextWindowHeight = hasOpened ? context.number : parent.nextWindowHeight;
  if (requests.handover === null) {
    const { committee, previousCommittee, epochBaseNumber, epochBaseHash } = parent;
    const election = trackerAfter(frame, environment);
    return { election, committee, previousCommittee, epochBaseNumber, epochBaseHash, nextWindowHeight };
  }
  const windowHeight = nextWindowHeight === 0 ? context.number : nextWindowHeight;
  return {
    election: startElection(requests.handover.epoch + 1, windowHeight),
    committee: requests.handover,
    previousCommittee: parent.committee,
    epochBaseNumber: context.number,
    epochBaseHash: hash,
    nextWindowHeight: 0,
  };
}
