import type { ChainSpec } from "@festina/chainspec";
import type { RecoverPublicKey, SignatureSuite } from "@festina/crypto";
import type { Hash32, Result } from "@festina/primitives";
import type { Engine, StateView } from "@festina/tvm";
import type { Committee, Fruit, RecoveredTransaction, SnailBlock, Transaction } from "@festina/types";
import type { SeatedRestart } from "./chain/restart.ts";

/** States of uncommitted blocks over the committed one, by root. */
export interface StateSource<View extends StateView = StateView> {
  open(root: Hash32): View;
  /** The root after the view's changes on `parentRoot`; the state can then be opened under it. */
  seal(parentRoot: Hash32, view: View): Hash32;
}

/** The snail chain as the fast chain needs it. Bodies may be missing on nodes that do not vote. */
export interface SnailSource {
  block(hash: Hash32): SnailBlock | undefined;
  /** Fruits packed by the blocks numbered `first` to `last` on the branch that ends in `tipHash`; `undefined` if one is missing. */
  packedFruits(first: number, last: number, tipHash: Hash32): readonly Fruit[] | undefined;
  /** Hash of the block with this number on that branch. */
  hashOnBranch(number: number, tipHash: Hash32): Hash32 | undefined;
}

/** The branch a block stands on, from its parent down. */
export interface Ancestry {
  hashOf(number: number): Hash32 | undefined;
  timeMsOf(number: number): number | undefined;
}

/** Who finalised the blocks of epochs that are over. Kept at least as long as evidence of them counts. */
export interface EpochSource {
  epoch(epoch: number): { readonly firstBlock: number; readonly committee: Committee } | undefined;
  /** The restart or recovery that stands on this block, which the block itself does not know of. */
  restartAfter(hash: Hash32): SeatedRestart | undefined;
}

/** What every rule of the fast chain may use. One value per node. */
export interface FastChainEnvironment {
  readonly spec: ChainSpec;
  readonly suite: SignatureSuite;
  readonly engine: Engine;
  readonly recoverPublicKey: RecoverPublicKey;
  /** Verifies signatures once per transaction: those that waited in the pool are known already. */
  readonly recover: (transaction: Transaction) => Result<RecoveredTransaction>;
  readonly states: StateSource;
  readonly snail: SnailSource;
  readonly epochs: EpochSource;
}

/** Where a proposer takes transactions from, best first. Refused ones are reported back, so that they do not come again. */
export interface TransactionSource {
  next(): RecoveredTransaction | undefined;
  /** The transaction does not fit or is not valid here; later ones of the same sender are not offered. */
  refuse(transaction: RecoveredTransaction, code: string): void;
}
