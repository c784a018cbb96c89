// What a dishonest member can make with its own key: any vote, any proposal. Nothing here speaks for anybody else.
import { signingMessage } from "@festina/crypto";
import { type SignedRequest, voteMessage } from "@festina/fastchain";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import type { PrePrepare, Vote } from "@festina/types";
import { positionOf } from "../core/committees.ts";
import type { MischiefTools } from "../core/coreWorld.ts";
import { decodeStubBlock, makeStubBlock, type StubBlock, type StubFields } from "../core/stubBlock.ts";

type VoteKind = Exclude<SignedRequest["kind"], "prePrepare">;

/** `null` where the member has no seat. */
export function forgeVote(
  tools: MischiefTools,
  kind: VoteKind,
  epoch: number,
  view: number,
  hash: Hash32,
): Vote | null {
  const { world, index, secretKey } = tools;
  const member = positionOf(world.committee(epoch), index);
  if (member < 0) return null;
  const blockHash = kind === "viewChange" ? ZERO_HASH : hash;
  world.onForged(index, kind === "viewChange" ? { kind, epoch, view } : { kind, epoch, view, blockHash });
  const message = voteMessage(world.context(epoch), kind, view, blockHash);
  return { kind, epoch, view, blockHash, member, signature: world.suite.sign(secretKey, message) };
}

/** Whether this is a boundary block that is proposed again: its bytes are not the leader's to choose. */
export const isReproposal = (message: PrePrepare): boolean =>
  message.parentCertificate?.blockHash === message.blockHash;

/** The same proposal with another block in it, signed as its leader would; `null` when there is nothing to change. */
export function forgeProposal(
  tools: MischiefTools,
  message: PrePrepare,
  change: Partial<StubFields>,
): { readonly message: PrePrepare; readonly block: StubBlock } | null {
  const read = decodeStubBlock(message.envelope);
  if (!read.ok || isReproposal(message)) return null;
  const { epoch, height, parentHash, proposer, timeMs, isBoundary, hasTrueRoot } = read.value;
  const salt = tools.dice.next();
  const block = makeStubBlock({
    epoch,
    height,
    parentHash,
    proposer,
    timeMs,
    isBoundary,
    hasTrueRoot,
    salt,
    ...change,
  });
  tools.world.onForged(tools.index, { kind: "prePrepare", epoch, view: message.view, blockHash: block.hash });
  const signed = signingMessage(tools.world.context(epoch), "prePrepare", message.view, block.hash);
  const signature = tools.world.suite.sign(tools.secretKey, signed);
  return { block, message: { ...message, blockHash: block.hash, envelope: block.envelope, signature } };
}
