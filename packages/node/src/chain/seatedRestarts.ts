// Committees that stand on a block although the chain did not elect them: by the chain spec, or drawn by recovery.
import type { ChainSpec } from "@festina/chainspec";
import {
  decodeRecoveries,
  encodeRecoveries,
  findRestart,
  restartCommittee,
  type SeatedRecovery,
  type SeatedRestart,
} from "@festina/fastchain";
import { assert, type Hash32, OperationError } from "@festina/primitives";
import type { MetaStore, WriteBatch } from "@festina/storage";
import type { EpochRecord } from "./epochRecord.ts";

type RestartSpec = Pick<ChainSpec, "restarts" | "recovery">;

export interface SnailPoint {
  readonly number: number;
  readonly hash: Hash32;
}

/**
 * Recoveries are read off the snail chain and remembered once their committee has made a block; the newest may stand on the
 * head and still be taken back. What people wrote into the chain spec goes before them.
 */
export class SeatedRestarts {
  readonly #spec: RestartSpec;
  readonly #meta: MetaStore;
  #recoveries: readonly SeatedRecovery[] = [];
  #all: readonly SeatedRestart[];

  constructor(spec: RestartSpec, meta: MetaStore) {
    this.#spec = spec;
    this.#meta = meta;
    this.#all = spec.restarts;
  }

  /** @throws OperationError RECOVERY_MISSING */
  load(): void {
    const bytes = this.#meta.recoveries();
    if (bytes === undefined) return;
    const recoveries = decodeRecoveries(bytes);
    assert(recoveries.ok, "stored recoveries are damaged");
    if (this.#spec.recovery === undefined && recoveries.value.length > 0)
      throw new OperationError("RECOVERY_MISSING", "this chain has recovered once; its chain spec must say how");
    this.#keep(recoveries.value);
  }

  get all(): readonly SeatedRestart[] {
    return this.#all;
  }

  get recoveries(): readonly SeatedRecovery[] {
    return this.#recoveries;
  }

  after(hash: Hash32): SeatedRestart | undefined {
    return findRestart({ restarts: this.#all }, hash);
  }

  /** Whether an entry of the chain spec says who goes on where recovery would seat the committee of `epoch`. */
  overrules(blockNumber: number, epoch: number): boolean {
    return this.#spec.restarts.some((restart) => restart.blockNumber >= blockNumber && restart.epoch <= epoch);
  }

  /** Replaces what recovery has seated on the head; `null` takes it back. */
  seat(recovery: SeatedRecovery | null, head: number): void {
    const settled = this.#recoveries.filter(({ blockNumber }) => blockNumber < head);
    this.#keep(recovery === null ? settled : [...settled, recovery]);
  }

  /** The first block of its committee makes a recovery last. */
  save(batch: WriteBatch, blockNumber: number): void {
    if (this.#recoveries.at(-1)?.blockNumber === blockNumber - 1)
      this.#meta.saveRecoveries(batch, encodeRecoveries(this.#recoveries));
  }

  /** The record of an epoch that the chain did not elect; `isHere`: whether its block is final here. */
  epoch(epoch: number, isHere: (restart: SeatedRestart) => boolean): EpochRecord | "absent" | undefined {
    const restart = this.#all.find((entry) => epoch > entry.epoch - (entry.cycle ?? 1) && epoch <= entry.epoch);
    if (restart === undefined) return undefined;
    if (!isHere(restart)) return "absent";
    // A committee that recovery replaced before it made a block has finalised nothing, and is known no more.
    const committee = epoch === restart.epoch ? restartCommittee(restart) : { epoch, members: [] };
    return { firstBlock: restart.blockNumber + 1, committee };
  }

  /** The snail block that every chain with fast block `number` contains: its pointer, or a later cut that it stands on. */
  pin(number: number, pointer: SnailPoint): SnailPoint {
    const stood = this.#recoveries.filter(({ blockNumber }) => blockNumber < number).at(-1);
    if (stood === undefined || stood.cutNumber <= pointer.number) return { number: pointer.number, hash: pointer.hash };
    return { number: stood.cutNumber, hash: stood.cutHash };
  }

  #keep(recoveries: readonly SeatedRecovery[]): void {
    this.#recoveries = recoveries;
    this.#all = [...this.#spec.restarts, ...recoveries];
  }
}
