// Members that send what nobody asked for.

import type { Mischief, MischiefTools } from "../core/coreWorld.ts";
import type { CoreMessage } from "../core/message.ts";
import { quickHash } from "../core/quickHash.ts";
import type { Dice } from "../world/streams.ts";
import { forgeVote } from "./forge.ts";

const SIGNATURE_BYTES = 16;
const FAR_HEIGHT = 2 ** 40;
const REMEMBERED_MAX = 256;

/** Well formed as far as decoding goes, and wrong in everything else. */
function garble(message: CoreMessage, { dice, world, index }: MischiefTools): CoreMessage {
  switch (message.kind) {
    case "vote": {
      const member = dice.below(world.committee(message.vote.epoch).members.length + 1);
      const view = message.vote.view + dice.below(80);
      return { kind: "vote", vote: { ...message.vote, member, view, signature: dice.bytes(SIGNATURE_BYTES) } };
    }
    case "certificate": {
      const view = message.certificate.view + dice.below(8);
      return {
        kind: "certificate",
        certificate: { ...message.certificate, view, signature: dice.bytes(SIGNATURE_BYTES) },
      };
    }
    case "prePrepare":
      return { kind: "prePrepare", message: garbleProposal(message, dice) };
    case "status":
      return { kind: "status", height: FAR_HEIGHT };
    case "block":
      return { kind: "block", envelope: dice.bytes(message.envelope.length) };
    case "chain":
      return { ...message, parts: message.parts.map(({ certificate }) => ({ envelope: dice.bytes(40), certificate })) };
    default:
      return { kind: "askBlock", hash: quickHash(Uint8Array.of(index), dice.bytes(8)) };
  }
}

/** Signed by the leader still, where only what the signature does not cover is hit. */
function garbleProposal({ message }: Extract<CoreMessage, { kind: "prePrepare" }>, dice: Dice): typeof message {
  switch (dice.below(4)) {
    case 0:
      return { ...message, envelope: dice.bytes(message.envelope.length) };
    case 1:
      return { ...message, skips: [], parentView: message.parentView + 1 };
    case 2:
      return { ...message, parentCertificate: null };
    default:
      return { ...message, signature: dice.bytes(SIGNATURE_BYTES) };
  }
}

export function createGarbage(): Mischief {
  return {
    name: "garbage",
    rewrite: (message, _to, tools) => (tools.dice.chance(0.3) ? [message] : [garble(message, tools)]),
  };
}

/** Repeats what it said long ago, and votes anew in epochs that are over. */
export function createStaleEpoch(): Mischief {
  const said: CoreMessage[] = [];
  return {
    name: "staleEpoch",
    rewrite: (message, _to, tools) => {
      const { dice } = tools;
      if (message.kind === "vote" || message.kind === "prePrepare" || message.kind === "certificate") {
        if (said.length >= REMEMBERED_MAX) said.shift();
        said.push(message);
      }
      const also: CoreMessage[] = said.length > 0 && dice.chance(0.3) ? [dice.pick(said)] : [];
      if (message.kind === "vote" && message.vote.epoch > 0 && dice.chance(0.2)) {
        const { epoch, view, blockHash } = message.vote;
        const late = forgeVote(
          tools,
          dice.pick(["prepare", "viewChange"] as const),
          epoch - 1,
          1 + dice.below(view),
          quickHash(message.vote.signature),
        );
        if (late !== null && blockHash !== late.blockHash) also.push({ kind: "vote", vote: late });
      }
      return [message, ...also];
    },
  };
}
