import { bytesToHex } from "@festina/primitives";
import { TRANSACTION_TYPE } from "@festina/types";
import { formatBlock } from "../format/formatBlock.ts";
import { formatLogsFrom } from "../format/formatTransaction.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { optionalQuantity, Params, parseArray, toQuantity } from "../jsonRpc/params.ts";
import { decodeRevertReason } from "../jsonRpc/revertReason.ts";
import { invalidParams, notFound, RPC_CODE, RpcError, wordsOf } from "../jsonRpc/rpcError.ts";
import type { RpcBackend } from "../ports.ts";
import type {
  SimulatedBlock,
  SimulatedBlockRequest,
  SimulatedCallResult,
  SimulatedTransactionRequest,
  SimulationRequest,
} from "../simulationPorts.ts";
import { requireState, stateNumber } from "./blockTag.ts";
import { parseCallRequest, requireChain } from "./callRequest.ts";
import { parseOverrides } from "./parseOverrides.ts";

/** As many as BLOCKHASH looks back. */
const BLOCKS_MAX = 256;
const CALLS_MAX = 10_000;

/** The codes that the specification gives to refusals; all others are -32000. */
const CODES: Readonly<Record<string, number>> = {
  TX_NONCE_TOO_LOW: -38010,
  TX_NONCE_TOO_HIGH: -38011,
  TX_NONCE_MAX: -38011,
  TX_FEE_BELOW_BASE_FEE: -38012,
  TX_INTRINSIC_GAS: -38013,
  TX_FLOOR_GAS: -38013,
  TX_INSUFFICIENT_BALANCE: -38014,
  TX_GAS_ABOVE_BLOCK: -38015,
  SIMULATION_NUMBER: -38020,
  SIMULATION_TIME: -38021,
  TX_SENDER_HAS_CODE: -38024,
  TX_INIT_CODE_TOO_LARGE: -38025,
  SIMULATION_LIMIT: -38026,
  SIMULATION_TIMEOUT: RPC_CODE.timeout,
  TX_PRIORITY_FEE_ABOVE_FEE: RPC_CODE.invalidParams,
  TX_AUTHORIZATION_SHAPE: RPC_CODE.invalidParams,
};

function parseFlag(fields: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== "boolean") throw invalidParams(`${name}: expected true or false`);
  return value;
}

function parseCall(value: unknown, chainId: bigint): SimulatedTransactionRequest {
  const fields = new Params([value]).object(0, "call");
  for (const name of ["maxFeePerBlobGas", "blobVersionedHashes", "blobs"])
    if (fields[name] !== undefined && fields[name] !== null) throw invalidParams(`${name}: there are no blobs`);
  requireChain(fields, chainId);
  const gasPriceWei = optionalQuantity(fields["gasPrice"], "gasPrice");
  const priorityWei = optionalQuantity(fields["maxPriorityFeePerGas"], "maxPriorityFeePerGas");
  const request = parseCallRequest(fields);
  const priced = request.accessList.length === 0 ? TRANSACTION_TYPE.legacy : TRANSACTION_TYPE.accessList;
  const unpriced = request.authorizations === undefined ? TRANSACTION_TYPE.feeMarket : TRANSACTION_TYPE.setCode;
  return {
    ...request,
    type: gasPriceWei === null ? unpriced : priced,
    nonce: optionalQuantity(fields["nonce"], "nonce"),
    maxPriorityFeePerGasWei: gasPriceWei ?? priorityWei ?? 0n,
  };
}

function parseBlock(backend: RpcBackend, value: unknown): SimulatedBlockRequest {
  const fields = new Params([value]).object(0, "blockStateCalls");
  const { calls = [], stateOverrides, blockOverrides } = fields;
  return {
    overrides: parseOverrides(backend, stateOverrides, blockOverrides),
    calls: parseArray(calls ?? [], "calls", CALLS_MAX).map((call) => parseCall(call, backend.chain.chainId)),
  };
}

function parseSimulation(backend: RpcBackend, fields: Readonly<Record<string, unknown>>): SimulationRequest {
  const blocks = fields["blockStateCalls"];
  if (Array.isArray(blocks) && blocks.length > BLOCKS_MAX)
    throw new RpcError(CODES["SIMULATION_LIMIT"] as number, `too many blocks: ${blocks.length} > ${BLOCKS_MAX}`);
  const parsed = parseArray(blocks, "blockStateCalls", BLOCKS_MAX).map((block) => parseBlock(backend, block));
  if (parsed.length === 0) throw invalidParams("blockStateCalls: empty input");
  return {
    blocks: parsed,
    isValidated: parseFlag(fields, "validation"),
    tracesTransfers: parseFlag(fields, "traceTransfers"),
  };
}

function formatFailure(failure: NonNullable<SimulatedCallResult["failure"]>): unknown {
  if (failure.kind === "halt") return { code: RPC_CODE.machine, message: `vm execution error: ${failure.reason}` };
  const reason = decodeRevertReason(failure.output);
  const message = reason === null ? "execution reverted" : `execution reverted: ${reason}`;
  return { code: RPC_CODE.reverted, message, data: bytesToHex(failure.output) };
}

function formatCalls({ record, calls }: SimulatedBlock): unknown {
  let logIndex = 0;
  return calls.map(({ output, gasUsed, gasUsedMax, logs, failure }, index) => {
    const shown = formatLogsFrom(record, index, logs, logIndex);
    logIndex += logs.length;
    return {
      returnData: bytesToHex(output),
      logs: shown,
      gasUsed: toQuantity(gasUsed),
      maxUsedGas: toQuantity(gasUsedMax),
      status: failure === null ? "0x1" : "0x0",
      ...(failure !== null && { error: formatFailure(failure) }),
    };
  });
}

/** Calls in blocks that never were. */
export function simulateMethods(backend: RpcBackend): Record<string, Method> {
  return {
    /** ({ blockStateCalls, validation, traceTransfers, returnFullTransactions }, block) */
    eth_simulateV1: async (values) => {
      const fields = new Params(values).object(0, "payload");
      const request = parseSimulation(backend, fields);
      const withTransactions = parseFlag(fields, "returnFullTransactions");
      const result = requireState(await backend.simulation.run(request, stateNumber(backend, values[1])));
      if (!result.ok) {
        const { code, message } = result.error;
        if (code === "SIMULATION_UNAVAILABLE") throw notFound(message);
        throw new RpcError(CODES[code] ?? RPC_CODE.server, wordsOf({ code, message }), { code });
      }
      return result.value.map((block) => ({
        ...formatBlock(block.record, withTransactions),
        calls: formatCalls(block),
      }));
    },
  };
}
