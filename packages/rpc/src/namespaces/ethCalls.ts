import { bytesToHex, ZERO_ADDRESS } from "@festina/primitives";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { refusal } from "../jsonRpc/rpcError.ts";
import type { CallRequest, RpcBackend } from "../ports.ts";
import { callPlace, requireState } from "./blockTag.ts";
import { parseCallRequest, requireChain, requireSuccess } from "./callRequest.ts";
import { parseOverrides } from "./parseOverrides.ts";
import { DEFAULT_PRIORITY_WEI, estimateGas } from "./sendingMethods.ts";

const ENOUGH_WEI = 1n << 192n;

/** (transaction, block, state overrides, block overrides) */
function overriddenCall(backend: RpcBackend, values: readonly unknown[]): CallRequest {
  const fields = new Params(values).object(0, "transaction");
  requireChain(fields, backend.chain.chainId);
  const request = parseCallRequest(fields);
  const overrides = parseOverrides(backend, values[2], values[3]);
  // Who names no sender, or nobody's address as cast does, asks what anybody's call would do; on Ethereum it has enough, too.
  const isAnybody = request.from === ZERO_ADDRESS && request.valueWei > 0n && !overrides.accounts.has(ZERO_ADDRESS);
  if (!isAnybody) return { ...request, overrides };
  const accounts = new Map(overrides.accounts).set(ZERO_ADDRESS, { balanceWei: ENOUGH_WEI });
  return { ...request, overrides: { ...overrides, accounts } };
}

/** Calls, estimates and prices. */
export function ethCallMethods(backend: RpcBackend): Record<string, Method> {
  const { chain, execution } = backend;
  return {
    eth_call: async (values) => {
      const request = overriddenCall(backend, values);
      const outcome = requireState(await execution.call(request, callPlace(backend, values[1])));
      return bytesToHex(requireSuccess(outcome).output);
    },
    // Without a block it is the next one: what is estimated is going to be in it.
    eth_estimateGas: async (values) => {
      const request = overriddenCall(backend, values);
      return toQuantity(await estimateGas(backend, request, callPlace(backend, values[1] ?? "pending")));
    },
    eth_createAccessList: async (values) => {
      const request = overriddenCall(backend, values);
      const outcome = requireState(await execution.accessList(request, callPlace(backend, values[1] ?? "pending")));
      if (outcome.kind === "refused") throw refusal(outcome.error);
      const { accessList, gasUsed, failure } = outcome;
      return { accessList, gasUsed: toQuantity(gasUsed), ...(failure !== null && { error: failure }) };
    },
    eth_gasPrice: () => toQuantity(chain.nextBaseFeeWei() + DEFAULT_PRIORITY_WEI),
    eth_maxPriorityFeePerGas: () => toQuantity(DEFAULT_PRIORITY_WEI),
  };
}
