import type { HashFunction, RecoverPublicKey, SignatureSuite } from "@festina/crypto";
import type { RecordKeys, Transport } from "@festina/network";
import type { Clock, Hash32 } from "@festina/primitives";
import type { Page } from "@festina/rpc";
import type { PowEngine } from "@festina/snailchain";
import type { Disk, KeyValueStore } from "@festina/storage";
import type { Engine, TracingEngine } from "@festina/tvm";
import type { Log } from "./log.ts";
import type { NonceSearch } from "./snail/minerService.ts";

/** Makes the data sets of the proof of work, away from this thread; once made, the engine has them. */
export interface PowDataSetMaker {
  /** Resolves to whether the data set was kept from an earlier run. */
  load(powKey: Hash32): Promise<boolean>;
  /** `sample`: hashes of 32 bytes, oldest first. @throws OperationError when the world refuses */
  make(powKey: Hash32, sample: Uint8Array, onProgress: (share: number) => void): Promise<void>;
  close(): Promise<void>;
}

/**
 * The world as a node sees it: disk, sockets, signatures, clocks, worker threads. The CLI passes real ones, tests and
 * the simulator pass theirs; nothing in a node reaches past this.
 */
export interface NodeAdapters {
  readonly store: KeyValueStore;
  /** `null` for a node that knows no others. */
  readonly transport: Transport | null;
  /** The transport's key, for what this node says about itself; without it, peers are only those configured. */
  readonly recordKeys?: RecordKeys;
  readonly suite: SignatureSuite;
  readonly engine: Engine;
  /** For `debug_trace…`; absent where nobody asks. */
  readonly loadTracing?: () => Promise<TracingEngine>;
  readonly powEngine: PowEngine;
  /** For an engine with data sets. */
  readonly powDataSets?: PowDataSetMaker;
  readonly keccak: HashFunction;
  readonly recoverPublicKey: RecoverPublicKey;
  /** For what a validator has signed and what that stands on. */
  readonly disk: Disk;
  readonly createSearch: (
    options: { readonly threads: number; readonly cpuShare: number },
    onFound: (workId: number, nonce: bigint) => void,
  ) => NonceSearch;
  readonly log: Log;
  /** For browsers that come to the address of the RPC. */
  readonly page?: Page;
  /** What timers and measured spans go by; all of a node's waiting is here or behind another adapter. */
  readonly clock: Clock;
  /** The wall clock: Unix milliseconds. It may jump. */
  readonly nowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}
