import type { Address } from "@festina/primitives";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { invalidParams, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { SnailPay } from "../miningPorts.ts";
import type { RpcBackend } from "../ports.ts";
import { snailNumber } from "./snailMethods.ts";

/** Snail blocks that one answer may cover. */
const BLOCKS_MAX = 1_024;
const RATE_MAX = 2n ** 80n;
const HOUR_SECONDS = 3_600n;

function formatPay({ snailNumber: number, snailHash, fastNumber, payments }: SnailPay): Record<string, unknown> {
  return {
    snailNumber: toQuantity(number),
    snailHash,
    fastNumber: fastNumber === null ? null : toQuantity(fastNumber),
    payments: payments.map(({ to, amountWei }) => ({ to, amount: toQuantity(amountWei) })),
  };
}

/**
 * What one address gets from a range of snail blocks: paid by final blocks, and due by those that the pointer has not
 * passed. `paidTo` is the last block of the range that is paid.
 */
function payTo(backend: RpcBackend, address: Address, first: number, last: number): Record<string, unknown> {
  let paidWei = 0n;
  let dueWei = 0n;
  let paidTo: number | null = null;
  const blocks: Record<string, unknown>[] = [];
  for (let number = first; number <= last; number++) {
    const pay = backend.rewards.bySnailNumber(number);
    const amountWei = pay?.payments.find(({ to }) => to === address)?.amountWei ?? 0n;
    const found = backend.snail.byNumber(number);
    if (pay === undefined || found === undefined) break;
    if (pay.fastNumber !== null) paidTo = number;
    const fruits = found.block.fruits.filter(({ header }) => header.payout === address).length;
    const isPacker = found.block.header.payout === address;
    if (amountWei === 0n && fruits === 0 && !isPacker) continue;
    if (pay.fastNumber === null) dueWei += amountWei;
    else paidWei += amountWei;
    blocks.push({
      snailNumber: toQuantity(number),
      fastNumber: pay.fastNumber === null ? null : toQuantity(pay.fastNumber),
      amount: toQuantity(amountWei),
      fruits: toQuantity(fruits),
      isPacker,
    });
  }
  return {
    address,
    paid: toQuantity(paidWei),
    due: toQuantity(dueWei),
    paidTo: paidTo === null ? null : toQuantity(paidTo),
    blocks,
  };
}

/** Pay by address and by snail block, past and expected. Amounts in wei. */
export function rewardMethods(backend: RpcBackend): Record<string, Method> {
  return {
    /** (address, first, last) in snail blocks, `latest` included. */
    snail_getRewards: (values) => {
      const params = new Params(values);
      const address = params.address(0, "address");
      const first = snailNumber(backend, params, 1, "first");
      const last = Math.min(snailNumber(backend, params, 2, "last"), backend.snail.head());
      if (last - first >= BLOCKS_MAX)
        throw new RpcError(RPC_CODE.limitExceeded, `more than ${BLOCKS_MAX} snail blocks in one answer`);
      return payTo(backend, address, Math.max(1, first), last);
    },
    /** (snail block) -> every payment for it. */
    snail_getBlockRewards: (values) => {
      const pay = backend.rewards.bySnailNumber(snailNumber(backend, new Params(values), 0, "number"));
      return pay === undefined ? null : formatPay(pay);
    },
    /** (hashes per second?) -> what a fruit and a block bring at the present difficulty, and that rate in an hour. */
    snail_expectedReward: (values) => {
      const params = new Params(values);
      const rate = params.has(0) ? params.quantity(0, "hashesPerSecond") : null;
      if (rate !== null && rate > RATE_MAX) throw invalidParams("hashesPerSecond: exceeds 2^80");
      const pay = backend.rewards.expected();
      const blockWei = pay.perBlockWei + pay.perPackedFruitWei * BigInt(pay.fruitsPerBlock);
      const hourly = (hashes: bigint): bigint =>
        (hashes * HOUR_SECONDS * (pay.perFruitWei * pay.difficulty + blockWei * pay.fruitDifficulty)) /
        (pay.difficulty * pay.fruitDifficulty);
      return {
        snailNumber: toQuantity(pay.snailNumber),
        difficulty: toQuantity(pay.difficulty),
        fruitDifficulty: toQuantity(pay.fruitDifficulty),
        fruitsPerBlock: toQuantity(pay.fruitsPerBlock),
        perFruit: toQuantity(pay.perFruitWei),
        perPackedFruit: toQuantity(pay.perPackedFruitWei),
        perBlock: toQuantity(pay.perBlockWei),
        perHour: rate === null ? null : toQuantity(hourly(rate)),
      };
    },
  };
}
