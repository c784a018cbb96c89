import type { Method } from "../jsonRpc/dispatch.ts";
import { Params } from "../jsonRpc/params.ts";
import { RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import { sendUnsigned } from "../namespaces/sendingMethods.ts";
import type { RpcBackend } from "../ports.ts";
import { accountMethods } from "./accountMethods.ts";
import { chainMethods, sharedChainMethods } from "./chainMethods.ts";
import { miningMethods } from "./miningMethods.ts";
import { rollbackMethods } from "./rollbackMethods.ts";

/** The families of names under which tools know the controls of a development chain. */
const FAMILIES = ["hardhat", "anvil", "evm"] as const;

/** In the words of the others, whose base fee has the last word as well. */
const refuseMinGasPrice =
  (family: string): Method =>
  () => {
    throw new RpcError(RPC_CODE.server, `${family}_setMinGasPrice is not supported when EIP-1559 is active`);
  };

/** Controls of a development chain; none on any other. */
export function developmentMethods(backend: RpcBackend): Record<string, Method> {
  const gate = backend.development;
  if (gate === null) return {};
  const shared = { ...accountMethods(backend, gate), ...sharedChainMethods(gate) };
  const named = FAMILIES.flatMap((family) =>
    Object.entries(shared).map(([name, method]) => [`${family}_${name}`, method] as const),
  );
  return {
    ...Object.fromEntries(named),
    ...miningMethods(gate),
    ...chainMethods(backend, gate),
    ...rollbackMethods(backend, gate),
    eth_sendUnsignedTransaction: (values) => sendUnsigned(backend, new Params(values).object(0, "transaction")),
    evm_setAccountNonce: shared["setNonce"] as Method,
    anvil_removePoolTransactions: (values) => {
      const sender = new Params(values).address(0, "address");
      for (const one of backend.pool.content()) if (one.sender === sender) gate.dropTransaction(one.hash);
      return null;
    },
    hardhat_setMinGasPrice: refuseMinGasPrice("hardhat"),
    anvil_setMinGasPrice: refuseMinGasPrice("anvil"),
    // Hardhat's tools say so before they begin; what is logged is chosen when the command starts.
    hardhat_setLoggingEnabled: () => true,
    anvil_setLoggingEnabled: () => true,
  };
}
