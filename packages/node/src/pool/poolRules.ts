import type { ChainSpec } from "@festina/chainspec";
import { rulesOfChain } from "@festina/fastchain";
import { ok } from "@festina/primitives";
import { validateTransactionForm } from "@festina/tvm";
import type { TransactionPool } from "@festina/txpool";

type PoolOptions = ConstructorParameters<typeof TransactionPool>[0];

/** What a chain asks of every transaction, whatever the state. */
export function poolRules(spec: ChainSpec): Pick<PoolOptions, "chainId" | "checkForm"> {
  return {
    chainId: spec.chainId,
    checkForm: (transaction) => {
      const checked = validateTransactionForm(transaction, spec.chainId, rulesOfChain(spec));
      return checked.ok ? ok(null) : checked;
    },
  };
}
