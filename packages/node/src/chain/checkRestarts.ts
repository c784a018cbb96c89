import type { ChainSpec, CommitteeRestart } from "@festina/chainspec";
import type { SignatureSuite } from "@festina/crypto";
import { restartedState } from "@festina/fastchain";
import { hexToBytes, OperationError } from "@festina/primitives";
import { decodeExtraData } from "@festina/types";
import type { CommittedChain } from "./committedChain.ts";

function checkKeys({ epoch, members }: CommitteeRestart, suite: SignatureSuite): void {
  for (const { address, publicKey, proofOfPossession } of members) {
    if (!suite.verifyPossession(hexToBytes(publicKey), hexToBytes(proofOfPossession)))
      throw new OperationError("RESTART_POSSESSION_UNPROVEN", `epoch ${epoch}: ${address} does not prove its key`);
  }
}

/** The epoch in which a final block was made. */
function epochOf(chain: CommittedChain, number: number): number | undefined {
  const extra = decodeExtraData(chain.hybridState(number)?.header.extraData ?? new Uint8Array(0));
  return extra.ok ? extra.value.epoch : undefined;
}

/** Epochs that the chain elected are recorded here; the others can only have come from the chain spec. */
function checkEpochs(chain: CommittedChain): void {
  for (let epoch = 0; epoch <= chain.head.committee.epoch; epoch++) {
    if (chain.epoch(epoch) !== undefined) continue;
    throw new OperationError(
      "RESTART_MISSING",
      `the chain spec lacks the restart that began epoch ${epoch} of this chain`,
    );
  }
}

/**
 * Whether this node can follow the restarts of the chain spec: none may contradict or drop a COMMITTED block that it
 * holds, for somebody may have acted on it. A node that has not come so far yet meets them on its way.
 * @throws OperationError RESTART_CONFLICT, RESTART_DROPS_BLOCKS, RESTART_EPOCH, RESTART_MISSING or RESTART_POSSESSION_UNPROVEN
 */
export function checkRestarts(chain: CommittedChain, spec: ChainSpec, suite: SignatureSuite): void {
  const head = chain.head.header.number;
  for (const restart of spec.restarts) {
    checkKeys(restart, suite);
    const { blockNumber, blockHash, epoch } = restart;
    if (blockNumber > head) continue;
    if (chain.hashOf(blockNumber) !== blockHash) {
      throw new OperationError(
        "RESTART_CONFLICT",
        `the chain spec restarts from another block ${blockNumber} than the final one here; it would undo a final block`,
      );
    }
    const recorded = chain.recordedState(blockNumber);
    if (recorded === undefined || restartedState(recorded, spec).committee.epoch !== epoch) {
      throw new OperationError(
        "RESTART_EPOCH",
        `the restart at block ${blockNumber} must begin epoch ${(recorded?.committee.epoch ?? 0) + 1}, not ${epoch}`,
      );
    }
    const isRecovered = chain.recoveries.some((recovery) => recovery.blockHash === blockHash);
    if (isRecovered || (blockNumber < head && epochOf(chain, blockNumber + 1) !== epoch)) {
      throw new OperationError(
        "RESTART_DROPS_BLOCKS",
        `the chain spec restarts from block ${blockNumber}, but blocks up to ${head} are final here: tell the others, the restart must be from the newest`,
      );
    }
  }
  checkEpochs(chain);
}
