import type { ChainSpec } from "@festina/chainspec";
import type { HashFunction, SignatureSuite } from "@festina/crypto";
import { createFastGenesis, genesisBeacon, type RegistrySlots } from "@festina/fastchain";
import { assert, OperationError } from "@festina/primitives";
import { createSnailGenesis } from "@festina/snailchain";
import { StateStore } from "@festina/state";
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
}

export interface OpenedChain {
  readonly committed: CommittedChain;
  readonly states: StateStore;
}

/** Whether a chain that is loaded began with this spec: its first beacon is made from everything in it. */
export function isOfSpec(committed: CommittedChain, spec: ChainSpec): boolean {
  return committed.hybridState(0)?.header.beacon === genesisBeacon(spec);
}

/**
 * Opens the chain of a data folder, or makes its genesis. @throws OperationError GENESIS_MISMATCH when the folder
 * belongs to another network, GENESIS_INVALID when the spec's validators do not prove their keys, or as `checkRestarts`
 */
export async function openChain(tools: ChainTools): Promise<OpenedChain> {
  const { spec, store, suite, engine, keccak } = tools;
  const committed = new CommittedChain(store, suite, spec);
  const snailGenesisHash = hashSnailHeader(createSnailGenesis(spec).header);
  const genesisStates = new StateStore(store, keccak, EMPTY_ROOT);
  const isKnown = committed.load();
  if (isKnown && isOfSpec(committed, spec)) {
    checkRestarts(committed, spec, suite);
    return { committed, states: new StateStore(store, keccak, committed.head.header.stateRoot) };
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
  return { committed, states: genesisStates };
}
