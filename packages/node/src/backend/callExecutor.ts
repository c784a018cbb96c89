import type { CallExecutor, CallOutcome } from "@festina/rpc";
import { type Engine, type ExecutionFailure, estimateGas, simulateCall } from "@festina/tvm";
import { type AccessListOptions, findAccessList } from "./accessList.ts";
import { CALL_GAS_MAX, reasonOf, toCall } from "./callEnvironment.ts";
import type { OpenEnvironment } from "./waitingTransactions.ts";

export interface CallExecutorOptions extends AccessListOptions {
  readonly engine: Engine;
  readonly openEnvironment: OpenEnvironment;
}

function failed(failure: ExecutionFailure, gasUsed: bigint): CallOutcome {
  if (failure.kind === "revert") return { kind: "revert", output: failure.output, gasUsed };
  return { kind: "halt", reason: reasonOf(failure), gasUsed };
}

/** Gas that runs out says how much there was, as geth does. */
function notEnough(failure: ExecutionFailure, gasLimit: bigint): CallOutcome {
  if (failure.kind !== "halt" || failure.reason !== "OUT_OF_GAS") return failed(failure, gasLimit);
  return { kind: "halt", reason: `gas required exceeds allowance (${gasLimit})`, gasUsed: gasLimit };
}

/** `eth_call`, `eth_estimateGas` and `eth_createAccessList` on the state after a committed block, in it or in the next one. */
export function createCallExecutor(options: CallExecutorOptions): CallExecutor {
  const { engine, openEnvironment, recoverPublicKey } = options;
  return {
    accessList: async (request, place) => {
      const environment = await openEnvironment(place, request.overrides);
      return environment === undefined ? undefined : findAccessList(options, request, environment);
    },
    call: async (request, place) => {
      const environment = await openEnvironment(place, request.overrides);
      if (environment === undefined) return undefined;
      const result = await simulateCall({
        ...environment,
        call: toCall(request, CALL_GAS_MAX),
        engine,
        recoverPublicKey,
      });
      if (!result.ok) return { kind: "refused", error: result.error };
      const { failure, output, gasUsed } = result.value;
      return failure === null ? { kind: "success", output, gasUsed } : failed(failure, gasUsed);
    },
    estimateGas: async (request, place) => {
      const environment = await openEnvironment(place, request.overrides);
      if (environment === undefined) return undefined;
      const result = await estimateGas({
        ...environment,
        call: toCall(request, CALL_GAS_MAX),
        engine,
        recoverPublicKey,
      });
      if (!result.ok) return { kind: "refused", error: result.error };
      if (result.value.kind === "failed") return notEnough(result.value.failure, result.value.gasLimit);
      return { kind: "success", output: new Uint8Array(0), gasUsed: result.value.gasLimit };
    },
  };
}
