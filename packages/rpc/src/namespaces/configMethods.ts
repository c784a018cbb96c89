import type { Method } from "../jsonRpc/dispatch.ts";
import { toQuantity } from "../jsonRpc/params.ts";
import type { RpcBackend } from "../ports.ts";

/** Of a node that keeps everything, and of what no node leaves behind. */
const WHOLE = { disabled: false, oldestBlock: "0x0" };
/** What questions about the past are answered from. */
const OF_STATES: ReadonlySet<string> = new Set(["state", "stateproofs"]);

/** What the chain's rules and this node's data are, for programs that choose by them. */
export function configMethods(backend: RpcBackend): Record<string, Method> {
  return {
    /** EIP-7910. The rules are those of the first block for good, or until a chain spec says otherwise. */
    eth_config: () => {
      const { activationTimeSeconds, forkId, precompiles, systemContracts } = backend.machineRules();
      const current = {
        activationTime: activationTimeSeconds,
        // Blobs are refused.
        blobSchedule: { baseFeeUpdateFraction: 0, max: 0, target: 0 },
        chainId: toQuantity(backend.chain.chainId),
        forkId,
        precompiles,
        systemContracts,
      };
      return { current, next: null, last: null };
    },
    eth_capabilities: () => {
      const number = backend.chain.head();
      const head = { number: toQuantity(number), hash: backend.chain.blockByNumber(number)?.block.hash ?? null };
      const resources = ["state", "tx", "logs", "receipts", "blocks", "stateproofs"];
      const states = { disabled: false, oldestBlock: toQuantity(backend.status().statesFrom ?? 0) };
      const kept = resources.map((name) => [name, OF_STATES.has(name) ? states : WHOLE]);
      return { head, ...Object.fromEntries(kept) };
    },
    /** A block that breaks a rule is refused, not kept. */
    debug_getBadBlocks: () => [],
  };
}
