import { formatFruit } from "../format/formatSnail.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import type { RpcBackend } from "../ports.ts";

const FRUITS_MAX = 100;

/** What is on its way. */
export function liveMethods({ live }: RpcBackend): Record<string, Method> {
  return {
    /** (max = 100) -> fruits in the pool that no block has packed, those that would be packed first at the head. */
    fruit_getWaiting: (values) => {
      const params = new Params(values);
      const max = params.has(0) ? params.number(0, "max", FRUITS_MAX) : FRUITS_MAX;
      return live.waitingFruits(max).map((fruit) => formatFruit(fruit, null));
    },
    /** How far the election of the next committee has come; `null` where there are no elections. */
    committee_getElection: () => {
      const election = live.election();
      if (election === null) return null;
      const { epoch, phase, window, snailNumber, frozenFrom, frozenHeight, handoverAfterMs, weights } = election;
      return {
        epoch: toQuantity(epoch),
        phase,
        window: { first: toQuantity(window.first), last: toQuantity(window.last) },
        snailNumber: toQuantity(snailNumber),
        frozenFrom: toQuantity(frozenFrom),
        frozenHeight: frozenHeight === null ? null : toQuantity(frozenHeight),
        handoverAfterMs: handoverAfterMs === null ? null : toQuantity(handoverAfterMs),
        weights: weights.map(({ address, fruits, weight }) => ({ address, fruits, weight: toQuantity(weight) })),
      };
    },
  };
}
