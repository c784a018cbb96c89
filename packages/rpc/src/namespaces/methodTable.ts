import type { Clock } from "@festina/primitives";
import { ETHEREUM_METHODS } from "../description/ethereumMethods.ts";
import { developmentMethods } from "../development/developmentMethods.ts";
import type { DevelopmentGate } from "../development/developmentPort.ts";
import type { Method, MethodTable } from "../jsonRpc/dispatch.ts";
import { ExecutionLane } from "../jsonRpc/executionLane.ts";
import { invalidParams } from "../jsonRpc/rpcError.ts";
import type { RpcBackend } from "../ports.ts";
import { compileMethods } from "./compileMethods.ts";
import { configMethods } from "./configMethods.ts";
import { debugMethods } from "./debugMethods.ts";
import { discoveryMethods } from "./discoveryMethods.ts";
import { ethCallMethods } from "./ethCalls.ts";
import { ethChainMethods } from "./ethChain.ts";
import { ethStateMethods } from "./ethState.ts";
import { feeHistoryMethods } from "./feeHistory.ts";
import type { FilterRegistry } from "./filters.ts";
import { flatTraceMethods } from "./flatTraceMethods.ts";
import { hybridMethods } from "./hybridMethods.ts";
import { liveMethods } from "./liveMethods.ts";
import { miningMethods } from "./miningMethods.ts";
import { nodeMethods } from "./nodeMethods.ts";
import { otterscanMethods } from "./otterscanMethods.ts";
import { rewardMethods } from "./rewardMethods.ts";
import { sendingMethods } from "./sendingMethods.ts";
import { simulateMethods } from "./simulateMethods.ts";
import { snailMethods } from "./snailMethods.ts";
import { subscriptionMethods } from "./subscriptions.ts";
import { traceMethods } from "./traceMethods.ts";

/** These run contracts, or read many blocks. */
const EXECUTING = [
  "eth_call",
  "eth_createAccessList",
  "eth_estimateGas",
  "eth_simulateV1",
  "eth_getTransactionBySenderAndNonce",
  "committee_explain",
  "debug_traceCall",
  "debug_traceTransaction",
  "debug_traceBlockByNumber",
  "debug_traceBlockByHash",
  "trace_block",
  "trace_transaction",
  "trace_get",
  "trace_filter",
  "trace_replayTransaction",
  "trace_replayBlockTransactions",
  "trace_call",
  "trace_callMany",
  "ots_getInternalOperations",
  "ots_traceTransaction",
  "ots_getTransactionError",
  "ots_getContractCreator",
  "ots_searchTransactionsBefore",
  "ots_searchTransactionsAfter",
];
/** As geth has it: what a method does not know is not passed over. Nulls at the end are nothing. */
function withParamsMax(method: Method, paramsMax: number): Method {
  return (values, caller) => {
    for (let extra = values.length - 1; extra >= paramsMax; extra--)
      if (values[extra] !== null) throw invalidParams(`too many arguments, want at most ${paramsMax}`);
    return method(values, caller);
  };
}

const LANE = { runningMax: 2, waitingMax: 256 };

/** Every method by name. */
export function createMethodTable(backend: RpcBackend, filters: FilterRegistry, clock: Clock): MethodTable {
  const methods: Record<string, Method> = {
    ...ethChainMethods(backend),
    ...ethStateMethods(backend),
    ...ethCallMethods(backend),
    ...sendingMethods(backend, clock),
    ...configMethods(backend),
    ...feeHistoryMethods(backend),
    ...filters.methods(),
    ...subscriptionMethods(backend),
    ...nodeMethods(backend),
    ...simulateMethods(backend),
    ...debugMethods(backend),
    ...traceMethods(backend),
    ...flatTraceMethods(backend),
    ...otterscanMethods(backend),
    ...snailMethods(backend),
    ...liveMethods(backend),
    ...compileMethods(backend),
    ...miningMethods(backend),
    ...rewardMethods(backend),
    ...hybridMethods(backend),
    ...developmentMethods(backend),
  };
  Object.assign(methods, discoveryMethods(backend, Object.keys(methods)));
  const lane = new ExecutionLane(LANE);
  const laned = EXECUTING.map((name) => [name, lane.around(methods[name] as Method)]);
  const table = new Map<string, Method>(Object.entries({ ...methods, ...Object.fromEntries(laned) }));
  for (const { name, params } of ETHEREUM_METHODS) {
    const method = table.get(name);
    // Subscriptions ask for a connection that can be pushed to, first of all.
    if (method !== undefined && name !== "eth_subscribe") table.set(name, withParamsMax(method, params.length));
  }
  const gate = backend.development;
  if (gate !== null) for (const [name, method] of table) table.set(name, overFork(backend, gate, name, method));
  return table;
}

/** A development chain may go on from another one's block at any time. */
function overFork(backend: RpcBackend, gate: DevelopmentGate, name: string, method: Method): Method {
  return (values, caller) => {
    const { fork } = gate;
    if (fork === null) return method(values, caller);
    return fork.answer(backend, name, values, (params) => method(params, caller));
  };
}
