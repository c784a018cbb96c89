// The last steps of a node that begins by snapshot: the fetched state becomes the one that blocks are executed on.
import { type HybridState, totalSupplyWei } from "@festina/fastchain";
import { assert, OperationError } from "@festina/primitives";
import type { StateArchive } from "@festina/state";
import { type KeyValueStore, MetaStore, WriteBatch } from "@festina/storage";
import type { CommittedChain } from "../../chain/committedChain.ts";

export interface SettleParts {
  readonly committed: CommittedChain;
  readonly archive: StateArchive;
  readonly store: KeyValueStore;
}

/** The newest block at or below a state that froze an election's window; `null` before the first. */
export function lastFreeze(at: HybridState, stateAt: (number: number) => HybridState | undefined): number | null {
  for (let state: HybridState | undefined = at; state !== undefined; ) {
    const { election, epochBaseNumber } = state;
    if (election.phase !== "collecting") return election.frozenHeight;
    if (epochBaseNumber === 0) return null;
    state = stateAt(epochBaseNumber - 1);
  }
  return null;
}

/** From here on the flat tables are being rewritten, and only `layState` makes them whole again, after a crash too. */
export async function beginLaying({ committed, store }: SettleParts, hybrid: HybridState): Promise<void> {
  const meta = new MetaStore(store);
  const batch = new WriteBatch();
  committed.saveState(batch, hybrid);
  meta.saveLaying(batch, hybrid.header.number);
  meta.saveStatePivot(batch, null);
  await store.write(batch.operations, { sync: true });
}

/**
 * Lays the fetched state into the flat tables and makes its block the head, in one last batch. @throws OperationError
 * STATE_SUPPLY when the balances do not add up to what the chain has minted and burned
 */
export async function layState(parts: SettleParts, onProgress: (accounts: number) => void): Promise<HybridState> {
  const { committed, archive, store } = parts;
  const meta = new MetaStore(store);
  const number = meta.laying();
  const followed = number === undefined ? undefined : committed.recordedState(number);
  assert(number !== undefined && followed !== undefined, "the block whose state is laid is here");
  const sumWei = await archive.layFlat(followed.header.stateRoot, onProgress);
  const hybrid = { ...followed, supply: closeSupply(followed, sumWei) };
  const batch = new WriteBatch();
  committed.saveSettled(batch, hybrid);
  meta.saveLaying(batch, null);
  meta.saveHeldFrom(batch, committed.finished(number) === undefined ? number + 1 : number);
  await store.write(batch.operations, { sync: true });
  return hybrid;
}

/**
 * Minted rewards and burned fees stand in the blocks. What else is gone was burned by slashing or by contracts that
 * destroyed themselves; only a replay tells which, so it is all counted where somebody has been slashed of late.
 */
function closeSupply({ supply, slashed }: HybridState, sumWei: bigint): HybridState["supply"] {
  const goneWei = totalSupplyWei(supply) - sumWei;
  if (goneWei < 0n)
    throw new OperationError("STATE_SUPPLY", "the fetched state holds more coins than the chain has made");
  return slashed.length > 0 ? { ...supply, slashBurnedWei: goneWei } : { ...supply, selfDestructBurnedWei: goneWei };
}
