// Members that misuse their vote.

import type { Mischief } from "../core/coreWorld.ts";
import type { CoreMessage } from "../core/message.ts";
import { quickHash } from "../core/quickHash.ts";
import { forgeProposal, forgeVote } from "./forge.ts";

/** Each vote twice, the second time for a block that nobody has seen. */
export function createDoubleVoter(): Mischief {
  return {
    name: "doubleVoter",
    rewrite: (message, _to, tools) => {
      if (message.kind !== "vote" || message.vote.kind === "viewChange") return [message];
      const { kind, epoch, view, signature } = message.vote;
      const second = forgeVote(tools, kind, epoch, view, quickHash(signature));
      return second === null ? [message] : [message, { kind: "vote", vote: second }];
    },
  };
}

/** Finalises a view and gives it up in one breath. */
export function createCommitAndViewChange(): Mischief {
  return {
    name: "commitAndViewChange",
    rewrite: (message, _to, tools) => {
      if (message.kind !== "vote" || message.vote.kind !== "commit") return [message];
      const { epoch, view, blockHash } = message.vote;
      const change = forgeVote(tools, "viewChange", epoch, view, blockHash);
      return change === null ? [message] : [message, { kind: "vote", vote: change }];
    },
  };
}

/** Proposes blocks whose roots nobody else will find, and votes for them. */
export function createWrongRoot(): Mischief {
  const replaced = new Map<string, string>();
  const wrong = new Map<string, CoreMessage>();
  return {
    name: "wrongRoot",
    rewrite: (message, _to, tools) => {
      if (message.kind === "prePrepare") {
        const { epoch, view, blockHash } = message.message;
        const known = wrong.get(`${epoch}/${view}`);
        if (known !== undefined) return [known];
        const forged = forgeProposal(tools, message.message, { hasTrueRoot: false });
        if (forged === null) return [message];
        const instead: CoreMessage = { kind: "prePrepare", message: forged.message };
        wrong.clear();
        wrong.set(`${epoch}/${view}`, instead);
        replaced.clear();
        replaced.set(blockHash, forged.block.hash);
        return [instead];
      }
      if (message.kind !== "vote") return [message];
      const { kind, epoch, view, blockHash } = message.vote;
      const hash = replaced.get(blockHash);
      if (hash === undefined || kind === "viewChange") return [message];
      const vote = forgeVote(tools, kind, epoch, view, hash as typeof blockHash);
      return vote === null ? [message] : [{ kind: "vote", vote }];
    },
  };
}
