import type { Method, MethodTable } from "../jsonRpc/dispatch.ts";
import type { RpcBackend } from "../ports.ts";
import { debugMethods } from "./debugMethods.ts";
import { ethChainMethods } from "./ethChain.ts";
import { ethStateMethods } from "./ethState.ts";
import { ethTransactionMethods } from "./ethTransactions.ts";
import { feeHistoryMethods } from "./feeHistory.ts";
import type { FilterRegistry } from "./filters.ts";
import { hybridMethods } from "./hybridMethods.ts";
import { nodeMethods } from "./nodeMethods.ts";
import { subscriptionMethods } from "./subscriptions.ts";
import { traceMethods } from "./traceMethods.ts";

/** Every method by name. */
export function createMethodTable(backend: RpcBackend, filters: FilterRegistry): MethodTable {
  const methods: Record<string, Method> = {
    ...ethChainMethods(backend),
    ...ethStateMethods(backend),
    ...ethTransactionMethods(backend),
    ...feeHistoryMethods(backend),
    ...filters.methods(),
    ...subscriptionMethods(backend),
    ...nodeMethods(backend),
    ...debugMethods(backend),
    ...traceMethods(backend),
    ...hybridMethods(backend),
  };
  return new Map(Object.entries(methods));
}
