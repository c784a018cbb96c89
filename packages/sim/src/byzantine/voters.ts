// Members that misuse their vote.
import { quickHash } from "../core/quickHash.ts";
import { forgeProposal, forgeVote } from "./forge.ts";
import type { Mischief, Statement } from "./mischief.ts";

/** Each vote twice, the second time for a block that nobody has seen. */
export function createDoubleVoter(): Mischief {
  return {
    name: "doubleVoter",
    rewrite: (statement, _to, tools) => {
      if (statement.kind !== "vote" || statement.vote.kind === "viewChange") return ["itself"];
      const { kind, epoch, view, signature } = statement.vote;
      const second = forgeVote(tools, kind, epoch, view, quickHash(signature));
      return second === null ? ["itself"] : ["itself", { kind: "vote", vote: second }];
    },
  };
}

/** Finalises a view and gives it up in one breath. */
export function createCommitAndViewChange(): Mischief {
  return {
    name: "commitAndViewChange",
    rewrite: (statement, _to, tools) => {
      if (statement.kind !== "vote" || statement.vote.kind !== "commit") return ["itself"];
      const { epoch, view, blockHash } = statement.vote;
      const change = forgeVote(tools, "viewChange", epoch, view, blockHash);
      return change === null ? ["itself"] : ["itself", { kind: "vote", vote: change }];
    },
  };
}

/** Proposes blocks whose roots nobody else will find, and votes for them. */
export function createWrongRoot(): Mischief {
  const replaced = new Map<string, string>();
  const wrong = new Map<string, Statement>();
  return {
    name: "wrongRoot",
    rewrite: (statement, _to, tools) => {
      if (statement.kind === "prePrepare") {
        const { epoch, view, blockHash } = statement.message;
        const known = wrong.get(`${epoch}/${view}`);
        if (known !== undefined) return [known];
        const forged = forgeProposal(tools, statement.message, "wrongRoot");
        if (forged === null) return ["itself"];
        const instead: Statement = { kind: "prePrepare", message: forged };
        wrong.clear();
        wrong.set(`${epoch}/${view}`, instead);
        replaced.clear();
        replaced.set(blockHash, forged.blockHash);
        return [instead];
      }
      if (statement.kind !== "vote") return ["itself"];
      const { kind, epoch, view, blockHash } = statement.vote;
      const hash = replaced.get(blockHash);
      if (hash === undefined || kind === "viewChange") return ["itself"];
      const vote = forgeVote(tools, kind, epoch, view, hash as typeof blockHash);
      return vote === null ? ["itself"] : [{ kind: "vote", vote }];
    },
  };
}
