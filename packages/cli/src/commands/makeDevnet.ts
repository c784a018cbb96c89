// Keys, chain spec, configuration and genesis of a new devnet.
import { cpSync } from "node:fs";
import { join } from "node:path";
import {
  createFileDisk,
  createInterpreterEngine,
  createKeccakKernel,
  createSecp256k1,
  createSignatureSuite,
  loadOrCreateNodeKey,
  measureHashRate,
  openLevelStore,
} from "@festina/adapters";
import { DEFAULT_POW_ENGINES, DEFAULT_SIGNATURE_SUITE, DEVELOPMENT_KEYS, DEVNET_PRESET } from "@festina/chainspec";
import {
  type DevnetLayout,
  type DevnetManifest,
  MINER_CPU_SHARE,
  type NetworkChoices,
  placeProcesses,
  prepareDevnet,
  saveManifest,
} from "@festina/devnet";
import { openChain, provisionSigningRecord } from "@festina/node";
import type { Address } from "@festina/primitives";
import { loadChainSpec } from "../nodeFiles.ts";

const MEASURE_MS = 100;

/**
 * Makes the genesis once and gives every process a copy: five processes that each load a virtual machine for it would
 * keep a small machine busy for seconds.
 */
async function makeGenesis(layout: DevnetLayout, manifest: DevnetManifest): Promise<void> {
  const spec = loadChainSpec(layout.chainSpecFile);
  const [first, ...others] = placeProcesses(layout, manifest).map((process) => join(process.layout.dataDir, "chain"));
  if (first === undefined) return;
  const keccak = createKeccakKernel();
  const store = await openLevelStore(first);
  // This very process made the proofs a moment ago; whoever gets a spec from elsewhere checks them.
  const suite = { ...createSignatureSuite(spec.signatureSuite), verifyPossession: () => true };
  await openChain({
    spec,
    store,
    suite,
    keccak,
    engine: createInterpreterEngine(),
  });
  await store.close();
  for (const copy of others) cpSync(first, copy, { recursive: true });
}

/** Expected hashes for a snail block at the network's pace, if all miners are like this machine. */
export function calibrateDifficulty({ pow, miners, snailSeconds }: NetworkChoices): bigint {
  const { devnet } = DEFAULT_POW_ENGINES;
  const perSecond = measureHashRate(MEASURE_MS, pow ?? devnet) * MINER_CPU_SHARE * Math.max(1, miners);
  return BigInt(Math.max(1_000, Math.round(perSecond * (snailSeconds ?? DEVNET_PRESET.snailTargetSeconds))));
}

/** Fills the processes' folders, which are there; the manifest comes last. */
export async function makeDevnet(layout: DevnetLayout, manifest: DevnetManifest): Promise<void> {
  const secp256k1 = createSecp256k1();
  const nodeIds = new Map<string, string>();
  for (const { layout: folder } of placeProcesses(layout, manifest)) {
    nodeIds.set(folder.nodeKeyFile, (await loadOrCreateNodeKey(folder.nodeKeyFile)).nodeId);
  }
  prepareDevnet(layout, manifest, {
    suite: createSignatureSuite(manifest.suite ?? DEFAULT_SIGNATURE_SUITE),
    addressOfSecretKey: (secretKey) => secp256k1.createAccountSigner(secretKey).address,
    nodeIdOf: (file) => nodeIds.get(file) ?? "",
    calibrateDifficulty: () => calibrateDifficulty(manifest),
    developmentAccounts: DEVELOPMENT_KEYS.map(({ address }) => address as Address),
    nowSeconds: () => Math.floor(Date.now() / 1000),
  });
  await makeGenesis(layout, manifest);
  // Their keys are new: a record that is missing later was lost.
  for (const { layout: folder } of placeProcesses(layout, manifest).slice(0, manifest.members))
    provisionSigningRecord(createFileDisk(folder.dataDir));
  saveManifest(layout, manifest);
}
