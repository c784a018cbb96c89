import type { ChainSpec } from "@festina/chainspec";
import type { HashFunction, SignatureSuite } from "@festina/crypto";
import { createFastGenesis, genesisBeacon, genesisNumber, type RegistrySlots } from "@festina/fastchain";
import { assert, type Hash32, OperationError } from "@festina/primitives";
import { createSnailGenesis } from "@festina/snailchain";
import { type CreateWorld, StateStore } from "@festina/state";
import { type KeyValueStore, WriteBatch } from "@festina/storage";
import type { Engine } from "@festina/tvm";
import { EMPTY_ROOT, hashSnailHeader } from "@festina/types";
import { checkRestarts } from "./checkRestarts.ts";
import { CommittedChain } from "./committedChain.ts";

export interface ChainTools {
  readonly spec: ChainSpec;
  readonly store: KeyValueStore;
  readonly suite: SignatureSuite;
  readonly engine: Engine;
  readonly keccak: HashFunction;
  /** Of a genesis that is made here; worked out where absent. */
  readonly registrySlots?: RegistrySlots;
  /** For a chain that goes on from another one's block. */
  readonly fork?: ForkSource;
}

/** What a chain reads of the one that it goes on from. What is not here yet is thrown as `StateElsewhereError`. */
export interface ForkSource {
  /** What blocks are executed on: the chain's own state, and where that says nothing the other one's. */
  readonly createWorld: CreateWorld;
  /** Of a block before the one that it goes on from. */
  blockHash(number: number): Hash32;
}

export interface OpenedChain {
  readonly committed: CommittedChain;
  readonly states: StateStore;
}

/** Whether a chain that is loaded began with this spec: its first beacon is made from everything in it. */
export function isOfSpec(committed: CommittedChain, spec: ChainSpec): boolean {
  return committed.hybridState(genesisNumber(spec))?.header.beacon === genesisBeacon(spec);
}

/**
 * Opens the chain of a data folder, or makes its genesis. @throws OperationError GENESIS_MISMATCH when the folder
 * belongs to another network, GENESIS_INVALID when the spec's validators do not prove their keys, or as `checkRestarts`
 */
export async function openChain(tools: ChainTools): Promise<OpenedChain> {
  const { spec, store, suite, engine, keccak } = tools;
  const committed = new CommittedChain(store, suite, spec, tools.fork);
  const snailGenesisHash = hashSnailHeader(createSnailGenesis(spec).header);
  const genesisStates = new StateStore(store, keccak, EMPTY_ROOT);
  const isKnown = committed.load();
  if (isKnown && isOfSpec(committed, spec)) {
    checkRestarts(committed, spec, suite);
    return {
      committed,
      states: new StateStore(store, keccak, committed.head.header.stateRoot, tools.fork?.createWorld),
    };
  }
  if (isKnown) {
    throw new OperationError(
      "GENESIS_MISMATCH",
      "the data folder belongs to another network; choose another dataDir, or the chain spec that it began with",
    );
  }
  const genesis = await createFastGenesis(spec, {
    ...{ states: genesisStates, engine, suite, snailGenesisHash },
    ...(tools.registrySlots === undefined ? {} : { registrySlots: tools.registrySlots }),
  });
  if (!genesis.ok) throw new OperationError("GENESIS_INVALID", genesis.error.message);
  const batch = new WriteBatch();
  const root = genesis.value.block.header.stateRoot;
  await genesisStates.save(root, batch);
  committed.saveGenesis(batch, genesis.value);
  await store.write(batch.operations, { sync: true });
  genesisStates.committed(root);
  assert(committed.load(), "the genesis was written");
  checkRestarts(committed, spec, suite);
  // The genesis is made of what the spec says, whatever blocks are executed on.
  const createWorld = tools.fork?.createWorld;
  const states = createWorld === undefined ? genesisStates : new StateStore(store, keccak, root, createWorld);
  return { committed, states };
}
