// What a dishonest member can make with its own key: any vote, any proposal. Nothing here speaks for anybody else.
import { signingMessage } from "@festina/crypto";
import { type SignedRequest, voteMessage } from "@festina/fastchain";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import type { Committee, PrePrepare, Vote } from "@festina/types";
import type { BlockChange, MischiefTools, MischiefWorld } from "./mischief.ts";

type VoteKind = Exclude<SignedRequest["kind"], "prePrepare">;

/** Position of a process in a committee; -1 when it sits out. */
export function seatOf(world: MischiefWorld, committee: Committee, index: number): number {
  return committee.members.findIndex(({ address }) => world.processOf(address) === index);
}

/** `null` where the member has no seat. */
export function forgeVote(
  tools: MischiefTools,
  kind: VoteKind,
  epoch: number,
  view: number,
  hash: Hash32,
): Vote | null {
  const { world, index, secretKey } = tools;
  const committee = world.committee(epoch);
  const member = committee === undefined ? -1 : seatOf(world, committee, index);
  if (member < 0) return null;
  const blockHash = kind === "viewChange" ? ZERO_HASH : hash;
  world.onForged(index, kind === "viewChange" ? { kind, epoch, view } : { kind, epoch, view, blockHash });
  const message = voteMessage(world.context(epoch), kind, view, blockHash);
  return { kind, epoch, view, blockHash, member, signature: world.suite.sign(secretKey, message) };
}

/** Whether this is a boundary block that is proposed again: its bytes are not the leader's to choose. */
const isReproposal = (message: PrePrepare): boolean => message.parentCertificate?.blockHash === message.blockHash;

/** The same proposal with another block in it, signed as its leader would; `null` when there is nothing to change. */
export function forgeProposal(tools: MischiefTools, message: PrePrepare, change: BlockChange): PrePrepare | null {
  const { world, index, secretKey } = tools;
  const block = isReproposal(message) ? null : world.changeBlock(message, change, tools.dice);
  if (block === null) return null;
  const { epoch, view } = message;
  world.onForged(index, { kind: "prePrepare", epoch, view, blockHash: block.hash });
  const signed = signingMessage(world.context(epoch), "prePrepare", view, block.hash);
  const signature = world.suite.sign(secretKey, signed);
  return { ...message, blockHash: block.hash, envelope: block.envelope, signature };
}
