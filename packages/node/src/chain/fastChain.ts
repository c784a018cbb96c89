import {
  type Ancestry,
  type BuildInput,
  buildFastBlock,
  type ExecutedBlock,
  type ExecutionTrust,
  executeFastBlock,
  type FastChainEnvironment,
  type HybridState,
  verifyFastHeader,
} from "@festina/fastchain";
import { assert, fail, type Hash32, ok, type Result } from "@festina/primitives";
import type { StateStore } from "@festina/state";
import { type KeyValueStore, WriteBatch } from "@festina/storage";
import { whenFetched } from "@festina/tvm";
import { type Certificate, decodeExtraData, type FastBlock } from "@festina/types";
import { SerialQueue } from "../serialQueue.ts";
import type { CommittedChain } from "./committedChain.ts";
import { PendingBlocks } from "./pendingBlocks.ts";

export interface FastChainOptions {
  readonly environment: FastChainEnvironment;
  readonly states: StateStore;
  readonly store: KeyValueStore;
  readonly committed: CommittedChain;
  /** After each block that became final, in order. */
  readonly onCommitted: (executed: ExecutedBlock, certificate: Certificate | null) => void;
}

function epochOf({ header }: FastBlock): number | undefined {
  const extra = decodeExtraData(header.extraData);
  return extra.ok ? extra.value.epoch : undefined;
}

type VerifiedShapeResult = ReturnType<typeof verifyFastHeader>;

export type ExecuteCode = "BLOCK_UNKNOWN" | "PARENT_NOT_EXECUTED" | "BLOCK_REFUSED" | "BODIES_MISSING";

/**
 * Executes and commits fast blocks, one thing at a time: everything that touches the state goes through one queue.
 * Rules live in `fastchain`; this is where their results meet the disk.
 */
export class FastChain {
  readonly committed: CommittedChain;
  readonly pending: PendingBlocks;
  readonly environment: FastChainEnvironment;
  readonly #states: StateStore;
  readonly #store: KeyValueStore;
  readonly #onCommitted: FastChainOptions["onCommitted"];
  readonly #queue = new SerialQueue();
  readonly #shapes = new WeakMap<FastBlock, { readonly parent: HybridState; readonly shape: VerifiedShapeResult }>();

  constructor(options: FastChainOptions) {
    this.environment = options.environment;
    this.committed = options.committed;
    this.pending = new PendingBlocks(options.committed, options.environment.spec);
    this.#states = options.states;
    this.#store = options.store;
    this.#onCommitted = options.onCommitted;
  }

  get signing(): { readonly chainId: bigint; readonly genesisHash: Hash32 } {
    return { chainId: this.environment.spec.chainId, genesisHash: this.committed.genesisHash };
  }

  build(
    parentHash: Hash32,
    input: Omit<BuildInput, "parent" | "ancestry" | "genesisHash">,
  ): Promise<ExecutedBlock | null> {
    return this.#queue.run(async () => {
      const parent = this.pending.hybridState(parentHash);
      if (parent === undefined) return null;
      const ancestry = this.pending.ancestry(parentHash);
      const built = await buildFastBlock(
        { ...input, parent, ancestry, genesisHash: this.committed.genesisHash },
        this.environment,
      );
      if (!built.ok) return null;
      this.pending.addExecuted(built.value);
      return built.value;
    });
  }

  /** All rules that need no execution. What was found of a block on a parent is kept: who votes for it executes it next. */
  verifyShape(parent: HybridState, block: FastBlock, ancestry: Ancestry): VerifiedShapeResult {
    const known = this.#shapes.get(block);
    if (known?.parent === parent) return known.shape;
    const shape = verifyFastHeader(parent, block, ancestry, this.environment, this.signing);
    this.#shapes.set(block, { parent, shape });
    return shape;
  }

  /** Executes a received block on its executed parent. Repeating it is harmless. */
  execute(hash: Hash32, trust: ExecutionTrust): Promise<Result<ExecutedBlock, ExecuteCode>> {
    return this.#queue.run(() => whenFetched(() => this.#execute(hash, trust)));
  }

  async #execute(hash: Hash32, trust: ExecutionTrust): Promise<Result<ExecutedBlock, ExecuteCode>> {
    const known = this.pending.executed(hash);
    if (known !== undefined) return ok(known);
    const block = this.pending.block(hash);
    if (block === undefined) return fail("BLOCK_UNKNOWN", `block ${hash} is not here`);
    const parent = this.pending.hybridState(block.header.parentHash);
    if (parent === undefined)
      return fail("PARENT_NOT_EXECUTED", `the parent of block ${block.header.number} is not executed`);
    const ancestry = this.pending.ancestry(block.header.parentHash);
    const shape = this.verifyShape(parent, block, ancestry);
    if (!shape.ok) return fail("BLOCK_REFUSED", `${shape.error.code}: ${shape.error.message}`);
    const executed = await executeFastBlock(parent, block, shape.value, ancestry, this.environment, trust);
    if (!executed.ok) {
      const code = executed.error.code === "EXECUTION_BODIES_MISSING" ? "BODIES_MISSING" : "BLOCK_REFUSED";
      return fail(code, `${executed.error.code}: ${executed.error.message}`);
    }
    this.pending.addExecuted(executed.value);
    return executed;
  }

  /**
   * Makes the executed block and its uncommitted ancestors final, each in one atomic batch. Nobody hears of any of them before
   * the last is on the disk: a transaction whose receipt was served survives a power failure too. `false` when the block is
   * not executed here, or its committee sits no more.
   *
   * @throws OperationError when the store fails; the chain in memory is then ahead of the disk, and the node must end
   */
  commit(hash: Hash32, certificate: Certificate): Promise<boolean> {
    return this.#queue.run(async () => {
      const branch = this.pending.branch(hash);
      const tip = branch.at(-1);
      if (tip?.block.hash !== hash) return this.committed.numberOf(hash) !== undefined;
      assert(branch[0]?.block.header.parentHash === this.committed.head.hash, "final blocks extend the final chain");
      // Recovery has seated another committee while this block's was finalising it.
      if (epochOf(branch[0].block) !== this.committed.head.committee.epoch) return false;
      const ownCertificate = (executed: ExecutedBlock): Certificate | null => (executed === tip ? certificate : null);
      for (const executed of branch) await this.#write(executed, ownCertificate(executed));
      for (const executed of branch) {
        this.#states.committed(executed.block.header.stateRoot);
        this.committed.appended(executed);
        this.#onCommitted(executed, ownCertificate(executed));
      }
      this.pending.prune();
      return true;
    });
  }

  async #write(executed: ExecutedBlock, certificate: Certificate | null): Promise<void> {
    const batch = new WriteBatch();
    const { stateRoot } = executed.block.header;
    await this.#states.save(stateRoot, batch);
    this.committed.save(batch, executed, certificate);
    // Blocks that one certificate makes final are flushed with the last of them: what is written earlier is never lost without it.
    await this.#store.write(batch.operations, { sync: certificate !== null });
  }

  /** Runs when nothing else touches the chain. */
  exclusively<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(task);
  }

  drain(): Promise<void> {
    return this.#queue.drain();
  }

  /** The block that work is judged against: the newest executed one of the branch that consensus follows. */
  tipAfter(hash: Hash32): HybridState {
    return this.pending.hybridState(hash) ?? this.committed.head;
  }

  isReceived(block: FastBlock): boolean {
    return this.pending.block(block.hash) !== undefined || this.committed.numberOf(block.hash) !== undefined;
  }
}
