import {
  createInterpreterEngine,
  createKeccakKernel,
  createMemoryDisk,
  createMemoryStore,
  createSecp256k1,
  createSignatureSuite,
  createSystemClock,
  loadTracingEngine,
} from "@festina/adapters";
import { type ChainSpec, createDevSpec } from "@festina/chainspec";
import { developmentAccounts, provisionSigningRecord, SILENT_LOG } from "@festina/node";
import type { Address, Hash32 } from "@festina/primitives";
import { createRpcClient, createRpcServer, type MiningModes, type RpcClient } from "@festina/rpc";
import { keccakPowEngine } from "@festina/snailchain";
import type { KeyValueStore } from "@festina/storage";
import { DevChain, type DevChainSettings, loadFork, type Patience, trustDevValidator } from "../src/index.ts";

export const COIN = 10n ** 18n;
/** 2033: no test may depend on the day it runs on. */
export const START_SECONDS = 2_000_000_000;
export const accounts = await developmentAccounts(3);
export const [alice, bob, carol] = accounts.map(({ address }) => address) as [Address, Address, Address];

export function devSpec(
  changes: {
    readonly chainId?: bigint;
    readonly isCodeUnlimited?: boolean;
    readonly isTransactionGasUnlimited?: boolean;
  } = {},
): ChainSpec {
  return createDevSpec({
    chainId: 31_337n,
    genesisTimeSeconds: START_SECONDS,
    gasLimit: 30_000_000n,
    accounts: accounts.map(({ address }) => ({ address, balanceWei: 100n * COIN })),
    ...changes,
  });
}

/** A clock of the chain that moves only with the machine's, from a fixed date on. */
const beganMs = performance.now();
const machineMs = (): number => START_SECONDS * 1000 + performance.now() - beganMs;

let ids = 0;

export function createDev(
  changes: {
    readonly spec?: ChainSpec;
    readonly modes?: Partial<MiningModes>;
    readonly store?: KeyValueStore;
    readonly isImpersonatingAll?: boolean;
    readonly sharesSeconds?: boolean;
    readonly tellsFailures?: boolean;
    readonly fork?: Pick<DevChainSettings, "fork" | "unforkedSpec" | "forkChainId" | "forkPatience">;
  } = {},
): DevChain {
  const suite = createSignatureSuite("ed25519");
  return new DevChain(
    {
      spec: changes.spec ?? devSpec(),
      accounts,
      modes: { isAutomatic: true, intervalMs: 0, ...changes.modes },
      isImpersonatingAll: changes.isImpersonatingAll ?? false,
      sharesSeconds: changes.sharesSeconds ?? false,
      tellsFailures: changes.tellsFailures ?? false,
      ...changes.fork,
    },
    {
      store: changes.store ?? createMemoryStore(),
      suite: trustDevValidator(suite),
      engine: createInterpreterEngine(),
      loadTracing: () => loadTracingEngine(),
      powEngine: keccakPowEngine,
      keccak: createKeccakKernel(),
      recoverPublicKey: createSecp256k1().recoverPublicKey,
      createDisk: () => {
        const disk = createMemoryDisk();
        provisionSigningRecord(disk);
        return disk;
      },
      createSearch: () => {
        throw new Error("nothing is mined on a development chain");
      },
      createId: () => `0x${(++ids).toString(16).padStart(64, "0")}` as Hash32,
      nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
      log: SILENT_LOG,
      clock: createSystemClock(),
      nowMs: machineMs,
      random: () => 0.5,
    },
  );
}

export interface RunningDev {
  readonly chain: DevChain;
  readonly call: <T = string>(method: string, ...params: readonly unknown[]) => Promise<T>;
  readonly client: RpcClient;
  readonly url: string;
  stop(): Promise<void>;
}

/** With an RPC server, as users have it. */
export async function startDev(changes: Parameters<typeof createDev>[0] = {}): Promise<RunningDev> {
  const chain = createDev(changes);
  await chain.start();
  const server = await createRpcServer(chain.createBackend(), { host: "127.0.0.1", port: 0, clock: chain.clock });
  const client = createRpcClient(server.url);
  return {
    chain,
    client,
    url: server.url,
    call: <T>(method: string, ...params: readonly unknown[]) => client.call<T>(method, params),
    stop: async () => {
      await server.close();
      await chain.stop();
    },
  };
}

/** Returns what is stored in slot 0: PUSH0 SLOAD PUSH0 MSTORE PUSH1 32 PUSH0 RETURN. */
export const READER_CODE = "0x5f545f5260205ff3";

/** What answers nothing is not waited for as long as outside of tests. */
export const LITTLE_PATIENCE: Patience = { timeoutMs: 5_000, pausesMs: [5, 5] };

/** A chain that goes on from another one's block. */
export async function startFork(
  target: { readonly url: string; readonly blockNumber?: number },
  { patience = LITTLE_PATIENCE, chainId, ...changes }: ForkChanges = {},
): Promise<RunningDev> {
  const { recoverPublicKey } = createSecp256k1();
  const opened = await loadFork(target, { clock: createSystemClock(), recoverPublicKey, patience });
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.message}`);
  const fork = opened.value;
  const unforkedSpec = devSpec();
  const made = await fork.specOver(unforkedSpec, chainId ?? null);
  if (!made.ok) throw new Error(`${made.error.code}: ${made.error.message}`);
  const spec = made.value;
  const forkChainId = chainId === undefined ? {} : { forkChainId: chainId };
  return startDev({ ...changes, spec, fork: { fork, unforkedSpec, forkPatience: patience, ...forkChainId } });
}

export interface ForkChanges extends Pick<NonNullable<Parameters<typeof createDev>[0]>, "modes" | "store"> {
  readonly patience?: Patience;
  readonly chainId?: bigint;
}
