import { type ChainSpec, DEV_VALIDATOR } from "@festina/chainspec";
import { createNode, type FestinaNode, type ForkSource, type NodeAdapters, type NodeConfig } from "@festina/node";
import { assert, hexToBytes } from "@festina/primitives";
import type { NodeEvent } from "@festina/rpc";
import type { Disk, KeyValueStore } from "@festina/storage";
import type { FastBlock } from "@festina/types";
import type { BlockOrders } from "./blockOrders.ts";
import { createDevOwner, knownRegistry } from "./knownValidator.ts";

/** The world of nodes that follow each other; each gets a new disk for what its key has signed. */
export interface NodeWorld extends Omit<NodeAdapters, "transport" | "disk" | "store"> {
  readonly store: KeyValueStore;
  readonly createDisk: () => Disk;
}

/** A developer's queue may be long: nobody else is in it. */
const SENDER_MAX = 50_000;
const POOL_LIMITS = {
  transactionsMax: 100_000,
  bytesMax: 256 * 1024 * 1024,
  gappedMax: 50_000,
  perSenderMax: SENDER_MAX,
  perDelegatedMax: SENDER_MAX,
  perPayerMax: 50_000,
};

const NODE_CONFIG: NodeConfig = {
  chainSpecFile: "",
  dataDir: null,
  rpc: null,
  network: null,
  validator: null,
  miner: null,
  developmentAccounts: 0,
  log: { level: "silent" },
};

/** One node at a time on one store, with the only seat. Who listens and who waits does not notice when nodes change. */
export class NodeSuccession {
  readonly #world: NodeWorld;
  readonly #orders: BlockOrders;
  readonly #listeners = new Set<(event: NodeEvent) => void>();
  #node: FestinaNode | null = null;
  #giveUp: (reason: unknown) => void = () => undefined;
  /** Resolves with the reason when a node has had to give up. */
  readonly failed: Promise<unknown>;
  /** Resolves when there is a node that is not about to end. */
  alive: Promise<void> = Promise.resolve();

  constructor(world: NodeWorld, orders: BlockOrders) {
    this.#world = world;
    this.#orders = orders;
    this.failed = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
  }

  get current(): FestinaNode {
    assert(this.#node !== null, "the chain was started");
    return this.#node;
  }

  get head(): FastBlock {
    const { chain } = this.current.backend;
    const record = chain.blockByNumber(chain.head());
    assert(record !== undefined, "the newest block is kept");
    return record.block;
  }

  /** Looks for work again, if there is a node. */
  wake(): void {
    this.#node?.refreshWork();
  }

  /** Answers with the function that ends it. */
  subscribe(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws OperationError as `createNode` does */
  async begin(spec: ChainSpec, fork: ForkSource | null): Promise<void> {
    const { createDisk, ...adapters } = this.#world;
    const registrySlots = knownRegistry(spec);
    const node = await createNode(
      {
        spec,
        ...(registrySlots === null ? {} : { registrySlots }),
        ...(fork === null ? {} : { fork }),
        config: NODE_CONFIG,
        developmentAccounts: [],
        validator: { signingKey: hexToBytes(DEV_VALIDATOR.signingKey), owner: createDevOwner() },
        policy: this.#orders,
        poolLimits: POOL_LIMITS,
      },
      { ...adapters, transport: null, disk: createDisk() },
    );
    this.#node = node;
    this.#orders.begin(this.head.hash);
    node.backend.events.subscribe((event) => this.#onEvent(event));
    node.failed.then((reason) => this.#giveUp(reason));
    node.refreshWork();
  }

  end(): Promise<void> {
    return this.current.stop();
  }

  /** Another node, on a store that `change` makes different meanwhile; it answers with what then holds. */
  follow(change: () => Promise<{ readonly spec: ChainSpec; readonly fork: ForkSource | null }>): Promise<void> {
    const followed = (async (): Promise<void> => {
      await this.end();
      const { spec, fork } = await change();
      await this.begin(spec, fork);
    })();
    this.alive = followed.catch(() => undefined);
    followed.catch((error: unknown) => this.#giveUp(error));
    return followed;
  }

  /** Those who listen, of what no node knows by itself. */
  tell(event: NodeEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #onEvent(event: NodeEvent): void {
    if (event.kind === "block") this.#orders.onCommitted(event.record.block);
    this.tell(event);
  }
}
