import type { CommitteeReader, SnailReader } from "@festina/rpc";
import { hashFruit } from "@festina/types";
import type { SnailDatabase } from "../snail/snailDatabase.ts";
import type { SnailService } from "../snail/snailService.ts";
import { type CommitteeExplainerOptions, createCommitteeExplainer } from "./explainCommittee.ts";

export function createSnailReader(snail: SnailService, database: SnailDatabase): SnailReader {
  const { chain, pool } = snail;
  const byNumber: SnailReader["byNumber"] = (number) => {
    const hash = chain.canonicalHash(number);
    return hash === undefined ? undefined : chain.entryByHash(hash);
  };
  return {
    head: () => chain.head().number,
    byNumber,
    byHash: (hash) => chain.entryByHash(hash),
    fruitByHash: (hash) => {
      const waiting = pool.get(hash);
      if (waiting !== undefined) return { fruit: waiting, packedIn: null };
      const packedIn = database.fruitLocation(hash);
      const fruit =
        packedIn === undefined
          ? undefined
          : byNumber(packedIn)?.block.fruits.find((candidate) => hashFruit(candidate) === hash);
      return fruit === undefined || packedIn === undefined ? undefined : { fruit, packedIn };
    },
  };
}

type ExplainerParts = Omit<CommitteeExplainerOptions, "infoOf">;

export function createCommitteeReader(parts: ExplainerParts): CommitteeReader {
  const { committed } = parts;
  const byEpoch: CommitteeReader["byEpoch"] = (epoch) => {
    const record = committed.epoch(epoch);
    if (record === undefined) return undefined;
    const next = committed.epoch(epoch + 1);
    return {
      committee: record.committee,
      firstBlock: record.firstBlock,
      lastBlock: next === undefined ? null : next.firstBlock - 1,
    };
  };
  return {
    currentEpoch: () => committed.head.committee.epoch,
    byEpoch,
    explain: createCommitteeExplainer({ ...parts, infoOf: byEpoch }),
    certificateFor: (number) => committed.certificateFor(number),
    slashed: () => committed.head.slashed.map(({ address }) => address),
  };
}
