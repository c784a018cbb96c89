import type { ChainSpec } from "@festina/chainspec";
import { rulesOfChain } from "@festina/fastchain";
import { ok } from "@festina/primitives";
import { validateTransactionForm } from "@festina/tvm";
import type { TransactionPool } from "@festina/txpool";

type PoolOptions = ConstructorParameters<typeof TransactionPool>[0];

/** What a chain asks of every transaction, whatever the state. */
export function poolRules(spec: ChainSpec): Pick<PoolOptions, "chainId" | "takesUnprotected" | "checkForm"> {
  return {
    chainId: spec.chainId,
    // Well-known contracts come to the same address everywhere by transactions that somebody signed for every chain.
    takesUnprotected: spec.development === true,
    checkForm: (transaction) => {
      const checked = validateTransactionForm(transaction, spec.chainId, rulesOfChain(spec));
      return checked.ok ? ok(null) : checked;
    },
  };
}
