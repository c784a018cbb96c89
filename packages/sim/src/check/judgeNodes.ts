// What must hold at the end of a run of whole nodes, as each of them would tell anybody who asks.
import { totalSupplyWei } from "@festina/fastchain";
import type { FestinaNode } from "@festina/node";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import { accusedMembers, evidenceEpoch, hashFruit, hashSnailHeader, type SnailBlock } from "@festina/types";
import type { NodeWatch } from "./nodeWatch.ts";

const PAGE_ACCOUNTS = 256;

type Backend = FestinaNode["backend"];

export interface JudgedNode {
  readonly process: number;
  readonly backend: Backend;
}

export interface JudgedRules {
  /** A fruit may be packed while its pointer is at most this many snail blocks below its packer. */
  readonly freshnessBlocks: number;
}

function sumBalances(backend: Backend, number: number): bigint | null {
  let sum = 0n;
  let start: Hash32 | null = ZERO_HASH;
  while (start !== null) {
    const page: ReturnType<Backend["state"]["accountRange"]> = backend.state.accountRange(number, start, PAGE_ACCOUNTS);
    if (page === undefined) return null;
    for (const { balanceWei } of page.accounts) sum += balanceWei;
    start = page.next;
  }
  return sum;
}

/** I7: all balances add up to genesis + rewards - burns. */
export function judgeSupply({ process, backend }: JudgedNode, watch: NodeWatch, head = backend.chain.head()): void {
  const supply = backend.chain.supply(head);
  const sum = sumBalances(backend, head);
  if (supply === undefined || sum === null) watch.break("I7", `process ${process} cannot tell the supply at ${head}`);
  else if (sum !== totalSupplyWei(supply))
    watch.break("I7", `at ${head} the balances of process ${process} differ by ${sum - totalSupplyWei(supply)} wei`);
}

/** I6: who has the same block has the same state under it. */
function judgeRoots(nodes: readonly JudgedNode[], watch: NodeWatch): void {
  const roots = new Map<number, string>();
  for (const { process, backend } of nodes) {
    const head = backend.chain.head();
    for (const number of [head, Math.max(0, head - 1), Math.max(0, head - 2)]) {
      const header = backend.chain.blockByNumber(number)?.block.header;
      const proof = backend.state.proof(`0x${"00".repeat(20)}` as never, [], number);
      const root = `${header?.stateRoot} ${proof?.balanceWei}`;
      const known = roots.get(number) ?? root;
      if (known !== root) watch.break("I6", `process ${process} has the state ${root} at ${number}, others ${known}`);
      roots.set(number, known);
    }
  }
}

/** I11: the pointer climbs the snail chain one block at a time. Answers with the blocks it passed. */
function walkPointers({ process, backend }: JudgedNode, watch: NodeWatch): readonly SnailBlock[] {
  const passed: SnailBlock[] = [];
  for (let number = 1; number <= backend.chain.head(); number++) {
    const pointer = backend.chain.blockByNumber(number)?.block.requests.pointer ?? null;
    if (pointer === null) continue;
    const hash = hashSnailHeader(pointer);
    const before = passed.at(-1);
    const isNext = before === undefined || pointer.parentHash === hashSnailHeader(before.header);
    if (!isNext || pointer.number !== (before?.header.number ?? 0) + 1)
      watch.break("I11", `block ${number} points to snail block ${pointer.number} ${hash}, which is not the next`);
    const block = backend.snail.byHash(hash)?.block;
    if (block === undefined) {
      watch.break("I11", `process ${process} lacks snail block ${pointer.number}, to which block ${number} points`);
      return passed;
    }
    passed.push(block);
  }
  return passed;
}

/** I10: a fruit counts once, is fresh where it is packed, and its anchor is no newer than its packer's. */
function judgeFruits(blocks: readonly SnailBlock[], backend: Backend, rules: JudgedRules, watch: NodeWatch): number {
  const packed = new Set<Hash32>();
  for (const { header, fruits } of blocks) {
    for (const fruit of fruits) {
      const hash = hashFruit(fruit);
      if (packed.has(hash)) watch.break("I10", `fruit ${hash} is packed twice`);
      packed.add(hash);
      const pointer = backend.snail.byHash(fruit.header.pointerHash)?.block.header.number;
      if (pointer === undefined || header.number - pointer > rules.freshnessBlocks)
        watch.break("I10", `fruit ${hash} points to ${pointer} and is packed by ${header.number}`);
      if (fruit.header.anchorNumber > header.anchorNumber)
        watch.break("I10", `fruit ${hash} has an anchor newer than that of its packer ${header.number}`);
    }
  }
  return packed.size;
}

/** What miners were paid, by payout address: the sum of what the final blocks list. */
export function rewardsOf(backend: Backend): ReadonlyMap<string, bigint> {
  const rewards = new Map<string, bigint>();
  for (let number = 1; number <= backend.chain.head(); number++)
    for (const { to, amountWei } of backend.chain.blockByNumber(number)?.block.requests.rewards ?? [])
      rewards.set(to, (rewards.get(to) ?? 0n) + amountWei);
  return rewards;
}

/** I12: what the chain convicts somebody of, it was shown proof of. */
function accuseOnChain({ backend }: JudgedNode, watch: NodeWatch): void {
  for (let number = 1; number <= backend.chain.head(); number++) {
    for (const evidence of backend.chain.blockByNumber(number)?.block.requests.evidence ?? []) {
      const members = backend.committee.byEpoch(evidenceEpoch(evidence))?.committee.members ?? [];
      const owners = accusedMembers(evidence).flatMap((member) => members[member]?.address ?? []);
      watch.accuse(`block ${number}`, owners);
    }
  }
}

/** Judges every node; answers with what the most advanced of them has. */
export function judgeNodes(
  nodes: readonly JudgedNode[],
  rules: JudgedRules,
  watch: NodeWatch,
): { readonly snailBlocks: number; readonly fruits: number } {
  judgeRoots(nodes, watch);
  for (const node of nodes) judgeSupply(node, watch);
  const [best] = [...nodes].sort((a, b) => b.backend.chain.head() - a.backend.chain.head());
  if (best === undefined) return { snailBlocks: 0, fruits: 0 };
  accuseOnChain(best, watch);
  watch.judgeVotes((epoch) => best.backend.committee.byEpoch(epoch)?.committee);
  const passed = walkPointers(best, watch);
  return { snailBlocks: passed.length, fruits: judgeFruits(passed, best.backend, rules, watch) };
}
