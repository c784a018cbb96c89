import { gunzipSync, gzipSync } from "node:zlib";
import { bigintToBytes, bytesToHex, type Hash32, toHash32 } from "@festina/primitives";
import { DEVELOPMENT_GAS_LIMITS } from "@festina/types";
import type { Method } from "../jsonRpc/dispatch.ts";
import { optionalQuantity, Params, toQuantity } from "../jsonRpc/params.ts";
import { invalidParams, RPC_CODE, RpcError, refusal } from "../jsonRpc/rpcError.ts";
import type { RpcBackend } from "../ports.ts";
import type { DevelopmentGate, ForkWish } from "./developmentPort.ts";
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
    anvil_getGenesisTime: () => {
      const first = gate.fork?.facts.blockNumber ?? 0;
      return backend.chain.blockByNumber(first)?.block.header.timestamp ?? 0;
    },
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
      const reset = await gate.reset(parseForking(values[0]));
      if (!reset.ok) throw refusal(reset.error);
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

type Fields = Readonly<Record<string, unknown>>;
const parseFields = (value: unknown, name: string): Fields =>
  value == null ? {} : new Params([value]).object(0, name);

/** `{ forking: { jsonRpcUrl, blockNumber } }`; `null` where no forking is asked for. */
function parseForking(options: unknown): ForkWish | null {
  const { forking } = parseFields(options, "options");
  if (forking == null || forking === false) return null;
  const { jsonRpcUrl, blockNumber } = parseFields(forking, "forking");
  if (jsonRpcUrl != null && typeof jsonRpcUrl !== "string")
    throw invalidParams("forking.jsonRpcUrl: expected a string");
  const number = optionalQuantity(blockNumber, "forking.blockNumber");
  if (number !== null && number > BigInt(Number.MAX_SAFE_INTEGER))
    throw invalidParams("forking.blockNumber: too large");
  return {
    ...(jsonRpcUrl == null ? {} : { url: jsonRpcUrl }),
    ...(number === null ? {} : { blockNumber: Number(number) }),
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
    forkedNetwork:
      gate.fork === null
        ? null
        : {
            chainId: Number(gate.fork.facts.chainId),
            forkBlockNumber: gate.fork.facts.blockNumber,
            forkBlockHash: gate.fork.facts.blockHash,
          },
    snapshots: Object.fromEntries(
      gate.snapshots.map(({ snapshot, number: at, hash }) => [toQuantity(snapshot), [toQuantity(at), hash]]),
    ),
  };
}

function nodeInfo({ chain }: RpcBackend, gate: DevelopmentGate): unknown {
  const { modes } = gate;
  const fork = gate.fork?.facts ?? null;
  const number = chain.head();
  const record = chain.blockByNumber(number);
  return {
    currentBlockNumber: toQuantity(number),
    currentBlockTimestamp: record?.block.header.timestamp ?? Math.floor(gate.nowMs() / 1000),
    currentBlockHash: record?.block.hash ?? null,
    hardFork: "osaka",
    transactionOrder: "fees",
    environment: {
      baseFee: toQuantity(chain.nextBaseFeeWei()),
      chainId: Number(chain.chainId),
      gasLimit: toQuantity(record?.block.header.gasLimit ?? 0n),
      gasPrice: toQuantity(chain.nextBaseFeeWei()),
    },
    forkConfig: { forkUrl: fork?.url ?? null, forkBlockNumber: fork?.blockNumber ?? null, forkRetryBackoff: null },
    mining: { automine: modes.isAutomatic, intervalMs: modes.intervalMs },
  };
}
