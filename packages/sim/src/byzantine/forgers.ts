// A voter that shows what is not so: a certificate without a quorum.
import { joinVotes } from "@festina/fastchain";
import type { Mischief } from "../core/coreWorld.ts";
import { quickHash } from "../core/quickHash.ts";
import { forgeVote } from "./forge.ts";

/** Makes certificates out of its own vote alone. */
export function createCertificateForger(): Mischief {
  return {
    name: "certificateForger",
    rewrite: (message, _to, tools) => {
      if (message.kind !== "vote") return [message];
      const { epoch, view, signature } = message.vote;
      const kind = tools.dice.pick(["prepare", "commit", "viewChange"] as const);
      const vote = forgeVote(tools, kind, epoch, view, quickHash(signature));
      const certificate = vote === null ? null : joinVotes([vote], tools.world.suite);
      return certificate === null ? [message] : [message, { kind: "certificate", certificate }];
    },
  };
}
