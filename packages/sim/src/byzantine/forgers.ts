// A voter that shows what is not so: a certificate without a quorum.
import { joinVotes } from "@festina/fastchain";
import { quickHash } from "../core/quickHash.ts";
import { forgeVote } from "./forge.ts";
import type { Mischief } from "./mischief.ts";

/** Makes certificates out of its own vote alone. */
export function createCertificateForger(): Mischief {
  return {
    name: "certificateForger",
    rewrite: (statement, _to, tools) => {
      if (statement.kind !== "vote") return ["itself"];
      const { epoch, view, signature } = statement.vote;
      const kind = tools.dice.pick(["prepare", "commit", "viewChange"] as const);
      const vote = forgeVote(tools, kind, epoch, view, quickHash(signature));
      const certificate = vote === null ? null : joinVotes([vote], tools.world.suite);
      return certificate === null ? ["itself"] : ["itself", { kind: "certificate", certificate }];
    },
  };
}
