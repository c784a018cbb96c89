import { assert, type Hash32 } from "@festina/primitives";
import type { FastHeader } from "@festina/types";
import type { HybridState } from "../chain/hybridState.ts";
import type { FastChainEnvironment } from "../ports.ts";
import { type BlockEnding, type BlockFrame, nextElection, type TransactionRun } from "./runBlockBody.ts";

/** The hybrid state after a block whose header is complete. */
export function nextHybridState(
  frame: BlockFrame,
  header: FastHeader,
  hash: Hash32,
  run: Pick<TransactionRun, "baseFeeBurnedWei" | "selfDestructBurnedWei">,
  ending: BlockEnding,
  environment: Pick<FastChainEnvironment, "spec">,
): HybridState {
  const { parent, certificate } = frame;
  assert(header.number === parent.header.number + 1, "a block follows its parent");
  return {
    header,
    hash,
    pointer: frame.pointer,
    certifiedNumber: certificate?.number ?? parent.certifiedNumber,
    participation: ending.participation,
    absences: ending.absences,
    slashed: ending.slashed,
    candidates: ending.candidates,
    supply: {
      ...parent.supply,
      rewardsWei: parent.supply.rewardsWei + ending.mintedWei,
      slashBurnedWei: parent.supply.slashBurnedWei + ending.slashBurnedWei,
      baseFeeBurnedWei: parent.supply.baseFeeBurnedWei + run.baseFeeBurnedWei,
      selfDestructBurnedWei: parent.supply.selfDestructBurnedWei + run.selfDestructBurnedWei,
    },
    ...nextElection(frame, hash, environment),
  };
}
