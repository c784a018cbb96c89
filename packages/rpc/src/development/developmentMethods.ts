import type { Method } from "../jsonRpc/dispatch.ts";
import { Params } from "../jsonRpc/params.ts";
import { sendUnsigned } from "../namespaces/sendingMethods.ts";
import type { RpcBackend } from "../ports.ts";
import { absentMethods } from "./absentMethods.ts";
import { accountMethods } from "./accountMethods.ts";
import { chainMethods, sharedChainMethods } from "./chainMethods.ts";
import { FAMILIES, isSilent, silenced } from "./families.ts";
import { miningMethods } from "./miningMethods.ts";
import { rollbackMethods } from "./rollbackMethods.ts";
import { tokenMethods } from "./tokenMethods.ts";

/** Controls of a development chain; none on any other. */
export function developmentMethods(backend: RpcBackend): Record<string, Method> {
  const gate = backend.development;
  if (gate === null) return {};
  const shared: Record<string, Method> = { ...accountMethods(backend, gate), ...sharedChainMethods(gate) };
  const named = FAMILIES.flatMap((family) =>
    Object.entries(shared).map(([name, method]) => {
      return [`${family}_${name}`, isSilent(family, name) ? silenced(method) : method] as const;
    }),
  );
  const drop: Method = (values) => gate.dropTransaction(new Params(values).hash(0, "transactionHash"));
  return {
    ...Object.fromEntries(named),
    ...miningMethods(backend, gate),
    ...chainMethods(backend, gate),
    ...rollbackMethods(backend, gate),
    ...tokenMethods(backend, gate),
    ...absentMethods(),
    hardhat_dropTransaction: drop,
    evm_dropTransaction: drop,
    /** anvil answers with what is gone. */
    anvil_dropTransaction: (values, caller) => (drop(values, caller) === true ? values[0] : null),
    tenderly_setBalance: silenced(shared["setBalance"] as Method),
    tenderly_addBalance: silenced(shared["addBalance"] as Method),
    eth_sendUnsignedTransaction: (values) => sendUnsigned(backend, new Params(values).object(0, "transaction")),
    evm_setAccountNonce: shared["setNonce"] as Method,
    anvil_removePoolTransactions: (values) => {
      const sender = new Params(values).address(0, "address");
      for (const one of backend.pool.content()) if (one.sender === sender) gate.dropTransaction(one.hash);
      return null;
    },
    // Hardhat's tools say so before they begin; what is logged is chosen when the command starts.
    hardhat_setLoggingEnabled: () => true,
    anvil_setLoggingEnabled: () => null,
  };
}
