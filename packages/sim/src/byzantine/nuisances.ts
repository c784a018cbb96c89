// Members that send what nobody asked for.
import { quickHash } from "../core/quickHash.ts";
import type { Dice } from "../world/streams.ts";
import { forgeVote } from "./forge.ts";
import type { Instead, Mischief, MischiefTools, Statement } from "./mischief.ts";

const SIGNATURE_BYTES = 16;
const REMEMBERED_MAX = 256;
const SENSE_CHANCE = 0.3;

/** Well formed as far as decoding goes, and wrong in everything else. */
function garble(statement: Statement, { dice, world }: MischiefTools): Statement {
  switch (statement.kind) {
    case "vote": {
      const { vote } = statement;
      const member = dice.below((world.committee(vote.epoch)?.members.length ?? 0) + 1);
      const view = vote.view + dice.below(80);
      return { kind: "vote", vote: { ...vote, member, view, signature: dice.bytes(SIGNATURE_BYTES) } };
    }
    case "certificate": {
      const { certificate } = statement;
      const view = certificate.view + dice.below(8);
      return { kind: "certificate", certificate: { ...certificate, view, signature: dice.bytes(SIGNATURE_BYTES) } };
    }
    case "prePrepare":
      return { kind: "prePrepare", message: garbleProposal(statement, dice) };
  }
}

/** Signed by the leader still, where only what the signature does not cover is hit. */
function garbleProposal({ message }: Extract<Statement, { kind: "prePrepare" }>, dice: Dice): typeof message {
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
    rewrite: (statement, _to, tools) => (tools.dice.chance(SENSE_CHANCE) ? ["itself"] : [garble(statement, tools)]),
    rewriteOther: (_kind, _to, { dice }) => (dice.chance(SENSE_CHANCE) ? ["itself"] : ["garbled"]),
  };
}

/** Repeats what it said long ago, and votes anew in epochs that are over. */
export function createStaleEpoch(): Mischief {
  const said: Statement[] = [];
  const recall = (dice: Dice): readonly Instead[] =>
    said.length > 0 && dice.chance(0.3) ? ["itself", dice.pick(said)] : ["itself"];
  return {
    name: "staleEpoch",
    rewrite: (statement, _to, tools) => {
      const { dice } = tools;
      if (said.length >= REMEMBERED_MAX) said.shift();
      said.push(statement);
      const sent = recall(dice);
      if (statement.kind !== "vote" || statement.vote.epoch === 0 || !dice.chance(0.2)) return sent;
      const { epoch, view, blockHash, signature } = statement.vote;
      const kind = dice.pick(["prepare", "viewChange"] as const);
      const late = forgeVote(tools, kind, epoch - 1, 1 + dice.below(view), quickHash(signature));
      return late === null || blockHash === late.blockHash ? sent : [...sent, { kind: "vote", vote: late }];
    },
    rewriteOther: (_kind, _to, { dice }) => recall(dice),
  };
}
