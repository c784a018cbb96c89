// What a light node does before a method is called: fetches, with proof, what the method reads; or says that it cannot.
import type { Address, Hash32 } from "@festina/primitives";
import { Params, parseArray, parseSlot } from "../jsonRpc/params.ts";
import { NotFoundError, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import { stateNumber } from "../namespaces/blockTag.ts";
import type { RpcBackend } from "../ports.ts";

/** Makes something of a final block readable by the backend. False when no peer proves it. */
export interface LightFetcher {
  account(number: number, address: Address): Promise<boolean>;
  code(number: number, address: Address): Promise<boolean>;
  slots(number: number, address: Address, slots: readonly bigint[]): Promise<boolean>;
  /** A transaction that was sent through this node: its block if it is in one. `unknown`: it was not. */
  transaction(hash: Hash32): Promise<"here" | "waiting" | "replaced" | "unknown" | "unproved">;
  /** Transactions and outcomes. */
  body(number: number): Promise<boolean>;
}

/** Called before a method. @throws RpcError where it is not to be called */
export type BeforeMethod = (method: string, params: readonly unknown[]) => Promise<void>;

const PROOF_SLOTS_MAX = 64;

/** Answered from headers and certificates. */
const PLAIN: ReadonlySet<string> = new Set([
  "eth_chainId",
  "eth_blockNumber",
  "eth_syncing",
  "eth_accounts",
  "eth_mining",
  "eth_hashrate",
  "eth_baseFee",
  "eth_gasPrice",
  "eth_maxPriorityFeePerGas",
  // Checked by proofs where it is passed on.
  "eth_sendRawTransaction",
  "eth_blobBaseFee",
  "net_version",
  "eth_networkId",
  "net_listening",
  "net_peerCount",
  "net_peers",
  "web3_clientVersion",
  "web3_sha3",
  "rpc_modules",
  "rpc.discover",
  "festina_status",
  "festina_invitation",
]);
const OF_TRANSACTIONS: ReadonlySet<string> = new Set(["eth_getTransactionByHash", "eth_getTransactionReceipt"]);
const OF_BLOCKS: ReadonlySet<string> = new Set([
  "eth_getBlockByNumber",
  "eth_getBlockByHash",
  "eth_getBlockTransactionCountByNumber",
  "eth_getBlockTransactionCountByHash",
  "eth_getTransactionByBlockNumberAndIndex",
  "eth_getTransactionByBlockHashAndIndex",
  "eth_getBlockReceipts",
]);

function unsupported(method: string, why: string): RpcError {
  return new RpcError(RPC_CODE.notSupported, `${method}: a light node ${why}`, { code: "LIGHT_UNSUPPORTED" });
}

/** The block's height; `null` where there is no such block, which the method itself tells. */
function blockOf(backend: RpcBackend, method: string, tag: unknown): number | null {
  if (tag === "pending") throw unsupported(method, "knows nothing pending");
  const { chain } = backend;
  if (method.includes("ByHash") && typeof tag === "string") {
    const number = chain.numberOfHash(new Params([tag]).hash(0, "hash"));
    return number ?? null;
  }
  try {
    return stateNumber(backend, tag);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

type Read = (fetcher: LightFetcher, params: Params, number: number) => Promise<boolean>;

/** Methods that read a state: where their block is among the parameters, and what they read. */
const OF_STATE: Readonly<Record<string, { readonly tagAt: number; readonly read: Read }>> = {
  eth_getBalance: {
    tagAt: 1,
    read: (fetcher, params, number) => fetcher.account(number, params.address(0, "address")),
  },
  eth_getTransactionCount: {
    tagAt: 1,
    read: (fetcher, params, number) => fetcher.account(number, params.address(0, "address")),
  },
  eth_getCode: { tagAt: 1, read: (fetcher, params, number) => fetcher.code(number, params.address(0, "address")) },
  eth_getAccountInfo: {
    tagAt: 1,
    read: (fetcher, params, number) => fetcher.code(number, params.address(0, "address")),
  },
  eth_getAccount: {
    tagAt: 1,
    read: (fetcher, params, number) => fetcher.slots(number, params.address(0, "address"), []),
  },
  eth_getStorageAt: {
    tagAt: 2,
    read: (fetcher, params, number) =>
      fetcher.slots(number, params.address(0, "address"), [parseSlot(params.raw(1), "slot")]),
  },
  eth_getProof: {
    tagAt: 2,
    read: (fetcher, params, number) => {
      const keys = parseArray(params.raw(1), "storageKeys", PROOF_SLOTS_MAX);
      const slots = keys.map((key) => parseSlot(key, "storageKeys"));
      return fetcher.slots(number, params.address(0, "address"), slots);
    },
  },
};

function unanswered(method: string, what: string): RpcError {
  return new RpcError(RPC_CODE.resourceUnavailable, `${method}: no peer proves ${what}`, { code: "LIGHT_UNANSWERED" });
}

async function findTransaction(fetcher: LightFetcher, method: string, hash: Hash32): Promise<void> {
  const found = await fetcher.transaction(hash);
  if (found === "unknown")
    throw unsupported(method, "finds only transactions that were sent through it: ask a full node");
  if (found === "unproved") throw unanswered(method, `where ${hash} is`);
}

/** Every method that is neither answered here nor provable is refused, by LIGHT_UNSUPPORTED. */
export function createLightGate(backend: RpcBackend, fetcher: LightFetcher): BeforeMethod {
  return async (method, values) => {
    if (PLAIN.has(method)) return;
    if (OF_TRANSACTIONS.has(method))
      return findTransaction(fetcher, method, new Params(values).hash(0, "transactionHash"));
    const ofState = OF_STATE[method];
    if (ofState === undefined && !OF_BLOCKS.has(method))
      throw unsupported(method, "keeps neither state nor history: ask a full node");
    const params = new Params(values);
    const number = blockOf(backend, method, params.raw(ofState?.tagAt ?? 0));
    if (number === null) return;
    const isHere = await (ofState === undefined ? fetcher.body(number) : ofState.read(fetcher, params, number));
    if (!isHere) throw unanswered(method, `what block ${number} holds`);
  };
}
