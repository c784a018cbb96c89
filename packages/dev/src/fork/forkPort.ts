// What a development chain knows of the chain that it goes on from. The rest of this folder is loaded by forks only.
import type { ChainSpec } from "@festina/chainspec";
import type { ForkSource } from "@festina/node";
import type { Address, Result } from "@festina/primitives";
import type { ForkGate, RpcBackend } from "@festina/rpc";

/** Which chain, and from which block on: its newest one where none is named. */
export interface ForkTarget {
  /** Of its JSON-RPC, over HTTP. */
  readonly url: string;
  readonly blockNumber?: number;
}

/** How long a remote chain is waited for. */
export interface Patience {
  /** For one answer. */
  readonly timeoutMs: number;
  /** Before each further attempt, where there was no answer or one that asks for patience. */
  readonly pausesMs: readonly number[];
}

export interface Fork extends ForkSource, ForkGate {
  /** Of the block that it goes on from, in Unix seconds. */
  readonly timestampSeconds: number;
  /** Of a chain that goes on from there, with the other one's chain id where `null` is given for it. */
  specOver(base: ChainSpec, chainId: bigint | null): Promise<Result<ChainSpec>>;
  /** @throws StateUnreachableError */
  needAccounts(addresses: readonly Address[]): Promise<void>;
  /** Runs a transaction that was sent beforehand, so that its block need not wait. @throws StateUnreachableError */
  prepare(backend: RpcBackend, encoded: Uint8Array, signedBy: Address | undefined): Promise<void>;
  /** The same for what waits, before a block of it is made. @throws StateUnreachableError */
  prepareBlock(backend: RpcBackend): Promise<void>;
}
