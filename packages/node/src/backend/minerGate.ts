import type { ChainSpec } from "@festina/chainspec";
import { fail, LruMap, ok } from "@festina/primitives";
import type { MinerGate } from "@festina/rpc";
import type { FastView, PowEngine } from "@festina/snailchain";
import { Miner, type MiningWork } from "@festina/snailchain";
import type { CommittedChain } from "../chain/committedChain.ts";
import { newestAnchor } from "../snail/minerService.ts";
import { OWN_SOURCE, type SnailService } from "../snail/snailService.ts";

export interface MinerGateOptions {
  readonly spec: ChainSpec;
  readonly engine: PowEngine;
  readonly fastView: FastView;
  readonly committed: CommittedChain;
  readonly snail: SnailService;
  readonly nowMs: () => number;
}

/** Miners that ask for work over the RPC: one `Miner` per payout and supported validator, bounded. */
const SESSIONS_MAX = 64;

/** Hands out sealed work and takes solved nonces: what an outside miner needs and no more. */
export function createMinerGate(options: MinerGateOptions): MinerGate {
  const { spec, engine, fastView, committed, snail } = options;
  const sessions = new LruMap<string, Miner>(SESSIONS_MAX);
  const bySession = new LruMap<string, Miner>(SESSIONS_MAX * 16);
  let serial = 0;

  return {
    getWork: (payout, supports) => {
      const key = `${payout} ${supports}`;
      let miner = sessions.get(key);
      if (miner === undefined) {
        const config = { engine, fastView, chain: snail.chain, pool: snail.pool, maxFruits: spec.preset.maxFruits };
        miner = new Miner({ ...config, payout, supports: /^0x0+$/.test(supports) ? [] : [supports], startNonce: 0n });
        sessions.set(key, miner);
      }
      const anchor = newestAnchor(committed);
      if (anchor === null) return fail("WORK_UNAVAILABLE", "the fast chain has no certified block yet");
      const nowMs = options.nowMs();
      const effects = [
        ...miner.step({ kind: "fastCommitted", anchor, nowMs }),
        ...miner.step({ kind: "headChanged", nowMs }),
      ];
      const work: MiningWork | undefined = effects
        .flatMap((effect) => (effect.kind === "searchNonce" ? [effect.work] : []))
        .at(-1);
      if (work === undefined) return fail("WORK_UNAVAILABLE", "nothing can be mined now");
      const workId = `${++serial}-${work.workId}`;
      bySession.set(workId, miner);
      const { sealHash, powKey, blockTarget, fruitTarget } = work;
      return ok({ workId, sealHash, blockTarget, fruitTarget, powEngine: spec.powEngine, powKey });
    },
    submitWork: async (workId, nonce) => {
      const miner = bySession.get(workId);
      const number = Number(workId.split("-")[1]);
      if (miner === undefined || !Number.isSafeInteger(number))
        return fail("WORK_UNKNOWN", "this work was not handed out, or is long forgotten");
      let fruit = false;
      let block = false;
      for (const effect of miner.step({ kind: "nonceFound", workId: number, nonce, nowMs: options.nowMs() })) {
        if (effect.kind === "broadcastFruit")
          fruit = snail.receiveFruit(effect.fruit, null).kind === "admitted" || fruit;
        if (effect.kind === "broadcastBlock") {
          snail.receiveBlock(effect.block, OWN_SOURCE);
          block = snail.chain.entryByHash(effect.hash) !== undefined;
        }
      }
      if (!fruit && !block) return fail("SHARE_REFUSED", "the nonce meets neither target, or the work is stale");
      return ok({ fruit, block });
    },
  };
}
