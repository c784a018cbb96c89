import { gunzipSync, gzipSync } from "node:zlib";
import { bigintToBytes, bytesToHex, type Hash32, toHash32 } from "@festina/primitives";
import { DEVELOPMENT_GAS_LIMITS } from "@festina/types";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { invalidParams, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { RpcBackend } from "../ports.ts";
import type { DevelopmentGate } from "./developmentPort.ts";
import { parseCount, parseWord } from "./parseControl.ts";

const OPENING_BRACE = 0x7b;
const DUMP_BYTES_MAX = 1024 * 1024 * 1024;

/** Compressed or not, as anvil takes it. */
function unpack(bytes: Uint8Array): string {
  if (bytes[0] === OPENING_BRACE) return Buffer.from(bytes).toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: DUMP_BYTES_MAX }).toString("utf8");
  } catch {
    throw invalidParams("state: not what dumpState gave");
  }
}

/** Going back, beginning anew, and taking a chain from one process to another. */
export function chainMethods(backend: RpcBackend, gate: DevelopmentGate): Record<string, Method> {
  const revert: Method = (values) => gate.revert(parseCount(values[0], "snapshot", Number.MAX_SAFE_INTEGER));
  const snapshot: Method = () => toQuantity(gate.snapshot());
  return {
    evm_snapshot: snapshot,
    anvil_snapshot: snapshot,
    evm_revert: revert,
    anvil_revert: revert,
    hardhat_metadata: () => metadata(backend, gate),
    anvil_metadata: () => metadata(backend, gate),
    anvil_nodeInfo: () => nodeInfo(backend, gate),
    anvil_getGenesisTime: () => backend.chain.blockByNumber(0)?.block.header.timestamp ?? 0,
    hardhat_setPrevRandao: (values) => {
      gate.setNextPrevRandao(parsePrevRandao(values[0]));
      return true;
    },
    anvil_setNextBlockPrevRandao: (values) => {
      gate.setNextPrevRandao(parsePrevRandao(values[0]));
      return null;
    },
  };
}

/** Methods that every family has under its own prefix. */
export function sharedChainMethods(gate: DevelopmentGate): Record<string, Method> {
  return {
    reset: async (values) => {
      const [options] = values;
      if (options !== null && typeof options === "object" && "forking" in options && options.forking !== undefined)
        throw invalidParams("forking: this node does not fork other chains");
      await gate.reset();
      return true;
    },
    dumpState: async () => bytesToHex(new Uint8Array(gzipSync(await gate.dump()))),
    loadState: async (values) => {
      const loaded = await gate.load(unpack(new Params(values).bytes(0, "state")));
      if (!loaded.ok) throw new RpcError(RPC_CODE.invalidParams, loaded.error.message);
      return true;
    },
    dropAllTransactions: () => {
      gate.dropAllTransactions();
      return null;
    },
    setNextBlockBaseFeePerGas: (values) => {
      gate.setNextBaseFee(new Params(values).quantity(0, "baseFeePerGas"));
      return true;
    },
    setBlockGasLimit: async (values) => {
      await gate.setGasLimit(parseGasLimit(new Params(values).quantity(0, "gasLimit")));
      return true;
    },
    setCoinbase: (values) => {
      gate.setCoinbase(new Params(values).address(0, "coinbase"));
      return true;
    },
  };
}

const parsePrevRandao = (value: unknown): Hash32 => toHash32(bigintToBytes(parseWord(value, "prevRandao"), 32));

function parseGasLimit(gasLimit: bigint): bigint {
  const { least, most } = DEVELOPMENT_GAS_LIMITS;
  if (gasLimit < least || gasLimit > most) throw invalidParams(`gasLimit: a block's is from ${least} to ${most}`);
  return gasLimit;
}

function metadata({ chain, clientVersion }: RpcBackend, gate: DevelopmentGate): unknown {
  const number = chain.head();
  return {
    clientVersion: clientVersion(),
    chainId: Number(chain.chainId),
    instanceId: gate.instanceId,
    latestBlockNumber: number,
    latestBlockHash: chain.blockByNumber(number)?.block.hash ?? null,
    forkedNetwork: null,
    snapshots: Object.fromEntries(
      gate.snapshots.map(({ snapshot, number: at, hash }) => [toQuantity(snapshot), [toQuantity(at), hash]]),
    ),
  };
}

function nodeInfo({ chain }: RpcBackend, { modes, nowMs }: DevelopmentGate): unknown {
  const number = chain.head();
  const record = chain.blockByNumber(number);
  return {
    currentBlockNumber: toQuantity(number),
    currentBlockTimestamp: record?.block.header.timestamp ?? Math.floor(nowMs() / 1000),
    currentBlockHash: record?.block.hash ?? null,
    hardFork: "osaka",
    transactionOrder: "fees",
    environment: {
      baseFee: toQuantity(chain.nextBaseFeeWei()),
      chainId: Number(chain.chainId),
      gasLimit: toQuantity(record?.block.header.gasLimit ?? 0n),
      gasPrice: toQuantity(chain.nextBaseFeeWei()),
    },
    forkConfig: { forkUrl: null, forkBlockNumber: null, forkRetryBackoff: null },
    mining: { automine: modes.isAutomatic, intervalMs: modes.intervalMs },
  };
}
