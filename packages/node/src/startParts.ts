// How the parts of a node begin to run, once it is known whom they talk to.
import type { Network } from "@festina/network";
import { type Clock, pause, repeatEvery } from "@festina/primitives";
import type { NodeAdapters } from "./adaptersPort.ts";
import type { NodeParts } from "./nodeParts.ts";

const STATUS_MS = 1_000;
const QUORUM_PATIENCE_MS = 1_500;
const QUORUM_POLL_MS = 20;

/** As many other members as a quorum needs when all have equal weight. */
function othersInQuorum(parts: NodeParts): number {
  const { members } = parts.committed.head.committee;
  return members.length - 1 - Math.floor((members.length - 1) / 3);
}

/** A member without a record may sign from the first block on, if no other member has a block either. */
function openNewChain(parts: NodeParts, network: Network): void {
  if (!parts.consensus.awaitsNewChain) return;
  const members = network.peers().filter(({ handshake }) => handshake.role === "member");
  const isNew = members.every(({ handshake }) => handshake.headNumber === 0);
  if (isNew && members.length >= othersInQuorum(parts)) parts.consensus.openNewChain();
}

/** A first proposal that nobody is there to hear costs a view: a moment's patience for a quorum to connect. */
async function awaitQuorum(parts: NodeParts, network: Network, clock: Clock): Promise<void> {
  const others = othersInQuorum(parts);
  const isThere = (): boolean =>
    network.peers().filter(({ handshake }) => handshake.role === "member").length >= others;
  for (let waitedMs = 0; waitedMs < QUORUM_PATIENCE_MS && !isThere(); waitedMs += QUORUM_POLL_MS)
    await pause(clock, QUORUM_POLL_MS);
}

/** Everything begins to run, in the order in which parts lean on each other. Answers with what ends the clockwork. */
export async function startParts(
  parts: NodeParts,
  network: Network,
  { clock, log }: NodeAdapters,
): Promise<() => void> {
  const { committed, snail, consensus, recovery, snailParts } = parts;
  await network.start();
  log.info("listening", { head: committed.head.header.number });
  await awaitQuorum(parts, network, clock);
  snail.fastCommitted(committed.head.header.number, committed.pinnedSnailBlock(committed.head));
  recovery.refresh();
  await parts.evidence.load();
  consensus.start();
  openNewChain(parts, network);
  snailParts.start();
  parts.backfill.start();
  parts.pruner.start();
  const timer = repeatEvery(clock, STATUS_MS, () => {
    snail.tick();
    openNewChain(parts, network);
    consensus.refreshWork();
    parts.announcer.onBeat();
  });
  return () => timer.cancel();
}
