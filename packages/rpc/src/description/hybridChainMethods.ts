import { type DescribedMethod, method, needs, takes } from "./describedMethod.ts";
import {
  ADDRESS,
  ANYTHING,
  BOOLEAN,
  BYTES,
  either,
  HASH,
  INTEGER,
  list,
  mapOf,
  named,
  nullable,
  object,
  QUANTITY,
  SNAIL_TAG,
  STRING,
  words,
} from "./schemas.ts";
import { address, block } from "./sharedParams.ts";

const hash = needs("hash", HASH);
const withFruits = takes("withFruits", BOOLEAN);
const epoch = takes("epoch", either(words("current"), QUANTITY));
const miner = [needs("payout", ADDRESS), takes("supports", ADDRESS)];

const SNAIL: readonly DescribedMethod[] = [
  method("snail_blockNumber", "The height of the best snail chain.", [], QUANTITY),
  method(
    "snail_getBlockByNumber",
    "A snail block.",
    [needs("number", SNAIL_TAG), withFruits],
    nullable(named("SnailBlock")),
  ),
  method("snail_getBlockByHash", "A snail block by its hash.", [hash, withFruits], nullable(named("SnailBlock"))),
  method("fruit_getByHash", "A fruit, packed or waiting.", [hash], nullable(named("Fruit"))),
  method("fruit_getWaiting", "Fruits that wait for a block.", [takes("max", QUANTITY)], list(named("Fruit"))),
  method("snail_getWork", "A sealed header to search nonces for.", miner, named("Work")),
  method(
    "snail_submitWork",
    "Hands in a nonce; answers with what it won.",
    [needs("workId", STRING), needs("nonce", QUANTITY)],
    object({ fruit: nullable(HASH), block: nullable(HASH) }),
  ),
  method("snail_getPowSample", "What the data set of a work is made from.", [needs("powKey", HASH)], nullable(BYTES)),
  method(
    "snail_subscribe",
    "Over WebSocket: work for an address, whenever there is another.",
    [needs("subscription", words("work")), ...miner],
    QUANTITY,
  ),
  method("snail_unsubscribe", "Ends a subscription.", [needs("subscription", QUANTITY)], BOOLEAN),
  method(
    "snail_getRewards",
    "What snail blocks have paid an address, and what is due.",
    [address, needs("first", SNAIL_TAG), needs("last", SNAIL_TAG)],
    object({ paid: QUANTITY, due: QUANTITY, paidTo: nullable(QUANTITY), blocks: list(ANYTHING) }),
  ),
  method(
    "snail_getBlockRewards",
    "Every payment for a snail block.",
    [needs("number", SNAIL_TAG)],
    nullable(mapOf(ANYTHING)),
  ),
  method(
    "snail_expectedReward",
    "What a fruit and a block bring now, and a hash rate in an hour.",
    [takes("hashesPerSecond", QUANTITY)],
    object({
      ...{ snailNumber: QUANTITY, difficulty: QUANTITY, fruitDifficulty: QUANTITY, fruitsPerBlock: QUANTITY },
      ...{ perFruit: QUANTITY, perPackedFruit: QUANTITY, perBlock: QUANTITY, perHour: nullable(QUANTITY) },
    }),
  ),
];

const COMMITTEE: readonly DescribedMethod[] = [
  method("committee_get", "The committee of an epoch.", [epoch], nullable(named("Committee"))),
  method(
    "committee_explain",
    "How a committee came to its seats: every input of the draw, and every seat drawn.",
    [epoch, withFruits],
    nullable(object({ epoch: QUANTITY, firstBlock: QUANTITY, outcome: STRING, members: list(named("Member")) })),
  ),
  method("committee_getCertificate", "What makes a block final.", [block], nullable(named("Certificate"))),
  method(
    "committee_getElection",
    "How far the election of the next committee has come.",
    [],
    nullable(
      object({
        ...{
          epoch: QUANTITY,
          phase: STRING,
          window: object({ first: QUANTITY, last: QUANTITY }),
          snailNumber: QUANTITY,
        },
        ...{ frozenFrom: QUANTITY, frozenHeight: nullable(QUANTITY), handoverAfterMs: nullable(QUANTITY) },
        weights: list(object({ address: ADDRESS, fruits: INTEGER, weight: QUANTITY })),
      }),
    ),
  ),
  method("committee_getEvidence", "Proof of broken rules that waits for a block.", [], list(mapOf(ANYTHING))),
  method("committee_submitEvidence", "Reports a member; anybody may.", [needs("evidence", BYTES)], HASH),
];

const FESTINA: readonly DescribedMethod[] = [
  method(
    "festina_status",
    "What this node is, knows and does.",
    [],
    object({ role: STRING, headNumber: INTEGER, doing: STRING }),
  ),
  method("festina_engine", "What runs contracts, and what its compiler has done.", [], object({ name: STRING })),
  method(
    "festina_invitation",
    "The chain spec and peers: what another node needs to join.",
    [],
    object({ specHash: HASH, chainSpec: mapOf(ANYTHING), peers: list(STRING) }),
  ),
  method(
    "festina_finality",
    "How final a block is: committed, or anchored as well.",
    [block],
    nullable(
      object({
        ...{ block: QUANTITY, grade: words("committed", "anchored"), certifiedBy: nullable(QUANTITY) },
        ...{ snailNumber: nullable(QUANTITY), snailHash: nullable(HASH), depth: nullable(QUANTITY) },
      }),
    ),
  ),
  method(
    "festina_supply",
    "How many coins there are after a block, and why.",
    [block],
    nullable(
      object({
        ...{ block: QUANTITY, genesis: QUANTITY, rewards: QUANTITY, baseFeeBurned: QUANTITY, slashBurned: QUANTITY },
        ...{ selfDestructBurned: QUANTITY, total: QUANTITY },
      }),
    ),
  ),
  method(
    "festina_requests",
    "What the two chains tell each other beside a block.",
    [block],
    nullable(
      object({
        ...{
          snailNumber: nullable(QUANTITY),
          certificate: nullable(named("Certificate")),
          rewards: list(named("Fee")),
        },
        ...{ evidence: list(mapOf(ANYTHING)), handover: nullable(mapOf(ANYTHING)) },
      }),
    ),
  ),
];

/** Methods that only this chain has. */
export const HYBRID_METHODS: readonly DescribedMethod[] = [...SNAIL, ...COMMITTEE, ...FESTINA];
