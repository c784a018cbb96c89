import { type Address, bytesToHex, EMPTY_BYTES, ZERO_ADDRESS } from "@festina/primitives";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { refusal } from "../jsonRpc/rpcError.ts";
import type { MiningWork } from "../miningPorts.ts";
import type { RpcBackend } from "../ports.ts";

const U64_DIGITS = 16;

export function formatWork(work: MiningWork): Record<string, unknown> {
  const { workId, sealHash, parentHash, powEngine, powKey } = work;
  return {
    workId,
    sealHash,
    blockTarget: toQuantity(work.blockTarget),
    fruitTarget: toQuantity(work.fruitTarget),
    powEngine,
    powKey,
    number: toQuantity(work.number),
    parentHash,
    anchorNumber: toQuantity(work.anchorNumber),
    difficulty: toQuantity(work.difficulty),
    fruitDifficulty: toQuantity(work.fruitDifficulty),
  };
}

/** (payout, supports?) from `index` on: who earns what is found, and whose election it counts for. */
export function readMiner(params: Params, index: number): { readonly payout: Address; readonly supports: Address } {
  const supports = params.has(index + 1) ? params.address(index + 1, "supports") : ZERO_ADDRESS;
  return { payout: params.address(index, "payout"), supports };
}

/** Work for miners of their own: sealed headers out, nonces in. New work is pushed by `snail_subscribe`. */
export function miningMethods({ miner, powSamples }: RpcBackend): Record<string, Method> {
  return {
    /** (payout, supports?) -> sealed work. */
    snail_getWork: (values) => {
      const { payout, supports } = readMiner(new Params(values), 0);
      const work = miner.getWork(payout, supports);
      if (!work.ok) throw refusal(work.error);
      return formatWork(work.value);
    },
    /** (powKey of a work) -> the hashes that its data set is made from, oldest first, one after the other. */
    snail_getPowSample: async (values) => {
      const powKey = new Params(values).hash(0, "powKey");
      const sample = powSamples === null ? EMPTY_BYTES : await powSamples.read(powKey);
      return sample.length === 0 ? null : bytesToHex(sample);
    },
    /** (workId, nonce) -> the fruit and the block that it won, by hash. */
    snail_submitWork: async (values) => {
      const params = new Params(values);
      const nonce = params.quantity(1, "nonce");
      if (nonce.toString(16).length > U64_DIGITS)
        throw refusal({ code: "NONCE_INVALID", message: "a nonce has 64 bits" });
      const won = await miner.submitWork(params.string(0, "workId"), nonce);
      if (!won.ok) throw refusal(won.error);
      return won.value;
    },
  };
}
