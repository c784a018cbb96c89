import { FEE_POT } from "@festina/contracts";
import { assert, fail, ok, type Result } from "@festina/primitives";
import {
  type BlockContext,
  type Engine,
  executeTransaction,
  type StateView,
  type TransactionOutcome,
} from "@festina/tvm";
import type { FastBlock, RecoveredTransaction } from "@festina/types";
import { applyDevelopment } from "../chain/development.ts";
import type { HybridState } from "../chain/hybridState.ts";
import type { Ancestry, FastChainEnvironment } from "../ports.ts";
import { toBlockContext } from "./blockContext.ts";
import { writeRings } from "./ringWrites.ts";

/** A final block's transactions, to be run again on the state that each of them met: for whoever wants to watch. */
export interface BlockReplay<View extends StateView> {
  readonly view: View;
  readonly context: BlockContext;
  readonly transactions: readonly RecoveredTransaction[];
  /** The next one. @throws EngineFaultError when the engine breaks, InvariantError when it refuses what is final */
  run(transaction: RecoveredTransaction, engine: Engine): Promise<TransactionOutcome>;
}

/** `view` is the state after the parent. Fails for signatures that cannot be recovered, which no final block has. */
export function replayBlock<View extends StateView>(
  parent: Pick<HybridState, "hash">,
  block: FastBlock,
  view: View,
  ancestry: Ancestry,
  environment: Pick<FastChainEnvironment, "spec" | "recover" | "recoverPublicKey">,
): Result<BlockReplay<View>> {
  const transactions: RecoveredTransaction[] = [];
  for (const transaction of block.transactions) {
    const recovered = environment.recover(transaction);
    if (!recovered.ok) return fail(recovered.error.code, recovered.error.message);
    transactions.push(recovered.value);
  }
  const { header } = block;
  const context = toBlockContext(header, environment.spec, ancestry);
  writeRings(view, header.number, header.timestamp, parent.hash, header.snailPointer);
  applyDevelopment(view, block.requests.development);
  const { recoverPublicKey } = environment;
  let gasAvailable = header.gasLimit;
  return ok({
    view,
    context,
    transactions,
    run: async (transaction, engine) => {
      const rest = engine.pace?.rest() ?? null;
      if (rest !== null) await rest;
      const input = { transaction, view, block: context, engine, recoverPublicKey, feePot: FEE_POT, gasAvailable };
      const result = await executeTransaction(input);
      assert(result.ok, "a final block's transactions are valid where they stand");
      gasAvailable -= result.value.gasUsed;
      return result.value;
    },
  });
}
