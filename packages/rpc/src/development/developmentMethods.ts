import type { Method } from "../jsonRpc/dispatch.ts";
import type { RpcBackend } from "../ports.ts";
import { accountMethods } from "./accountMethods.ts";
import { chainMethods, sharedChainMethods } from "./chainMethods.ts";
import { miningMethods } from "./miningMethods.ts";

/** The families of names under which tools know the controls of a development chain. */
const FAMILIES = ["hardhat", "anvil", "evm"] as const;

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
    // Hardhat's tools say so before they begin; what is logged is chosen when the command starts.
    hardhat_setLoggingEnabled: () => true,
    anvil_setLoggingEnabled: () => true,
  };
}
