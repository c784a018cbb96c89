// On a development chain what waits is run beforehand for whoever asks about the block to come: there blocks may be made
// by request only, and what is sent next builds on what was sent before.
import { FEE_POT } from "@festina/contracts";
import type { RecoverPublicKey } from "@festina/crypto";
import { type HybridState, writeRings } from "@festina/fastchain";
import type { Clock } from "@festina/primitives";
import { type AccountView, type CallOverrides, type CallPlace, NO_OVERRIDES } from "@festina/rpc";
import { type Engine, EngineFaultError, executeTransaction } from "@festina/tvm";
import type { PendingTransactions } from "@festina/txpool";
import type { RecoveredTransaction } from "@festina/types";
import { applyAccounts, movePrecompiles } from "./applyOverrides.ts";
import type { CallEnvironment, EnvironmentAt } from "./callEnvironment.ts";

export interface WaitingTransactions {
  readonly engine: Engine;
  readonly recoverPublicKey: RecoverPublicKey;
  readonly clock: Clock;
  readonly stateAt: (number: number) => HybridState | undefined;
  /** Blocks for work are made at once, so that nothing waits for long. */
  readonly takesWorkAtOnce: () => boolean;
  /** Those that a block with this base fee would take, best first. */
  readonly pending: (baseFeePerGasWei: bigint) => Pick<PendingTransactions, "next" | "skipSender">;
}

/** As `EnvironmentAt`; what waits has been run where the block to come is meant. */
export type OpenEnvironment = (
  place: CallPlace,
  overrides?: CallOverrides,
) => CallEnvironment | undefined | Promise<CallEnvironment | undefined>;

/**
 * Run where blocks for work are made at once: enough for a few that were sent together and build on each other. Were it all of
 * them, hundreds that are sent at once would each run all that came before it.
 */
const AT_ONCE_MAX = 8;
/** A block by request is closed after as long. */
const RUN_MS_MAX = 1_000;

/** `waiting`: `null` where the block to come begins as the newest one ended. */
export function createOpenEnvironment(
  environmentAt: EnvironmentAt,
  waiting: WaitingTransactions | null,
): OpenEnvironment {
  if (waiting === null) return environmentAt;
  return async (place, overrides = NO_OVERRIDES) => {
    if (!place.isNext) return environmentAt(place, overrides);
    const environment = environmentAt(place);
    const parent = waiting.stateAt(place.number);
    if (environment === undefined || parent === undefined) return undefined;
    await runWaiting(waiting, environment, parent);
    const { view, block } = environment;
    applyAccounts(view, overrides.accounts);
    return { view, block: movePrecompiles({ ...block, ...overrides.block }, overrides.accounts) };
  };
}

async function runWaiting(
  waiting: WaitingTransactions,
  { view, block }: CallEnvironment,
  parent: HybridState,
): Promise<void> {
  const pending = waiting.pending(block.baseFeePerGasWei);
  const endMs = waiting.clock.nowMs() + RUN_MS_MAX;
  let left = waiting.takesWorkAtOnce() ? AT_ONCE_MAX : Number.POSITIVE_INFINITY;
  let gasAvailable = block.gasLimit;
  writeRings(view, block.number, block.timestamp, parent.hash, parent.header.snailPointer);
  for (let next = pending.next(); next !== null && left > 0 && waiting.clock.nowMs() < endMs; next = pending.next()) {
    left -= 1;
    const gasUsed = next.gasLimit > gasAvailable ? null : await run(waiting, { view, block }, next, gasAvailable);
    if (gasUsed === null) pending.skipSender();
    else gasAvailable -= gasUsed;
  }
}

/** `null` when it may not stand in that block; the state is then as before. */
async function run(
  { engine, recoverPublicKey }: WaitingTransactions,
  environment: CallEnvironment,
  transaction: RecoveredTransaction,
  gasAvailable: bigint,
): Promise<bigint | null> {
  try {
    const outcome = await executeTransaction({
      ...environment,
      ...{ transaction, engine, recoverPublicKey, feePot: FEE_POT, gasAvailable },
    });
    return outcome.ok ? outcome.value.gasUsed : null;
  } catch (error) {
    if (error instanceof EngineFaultError) return null;
    throw error;
  }
}

/** Accounts as the block to come would leave them. */
export async function openPendingState(open: OpenEnvironment, head: number): Promise<AccountView | undefined> {
  const environment = await open({ number: head, isNext: true });
  if (environment === undefined) return undefined;
  const { view } = environment;
  return {
    balance: (address) => view.getAccount(address)?.balanceWei ?? 0n,
    code: (address) => view.getCode(address),
    storage: (address, slot) => view.getStorage(address, slot),
  };
}
