// Members that keep to themselves what others need.
import type { Mischief } from "../core/coreWorld.ts";

/** Follows, and says nothing. */
export function createSilent(): Mischief {
  return { name: "silent", rewrite: () => [] };
}

/** Speaks to some and never to the others. */
export function createWithholding(): Mischief {
  const favoured = new Map<number, boolean>();
  return {
    name: "withholding",
    rewrite: (message, to, { dice }) => {
      let isFavoured = favoured.get(to);
      if (isFavoured === undefined) {
        isFavoured = dice.chance(0.5);
        favoured.set(to, isFavoured);
      }
      return isFavoured ? [message] : [];
    },
  };
}

/** Votes like everyone, but hands on no certificate, block or chain, and shows its proposals to two in three. */
export function createCertificateWithholder(): Mischief {
  return {
    name: "certificateWithholder",
    rewrite: (message, to) => {
      if (message.kind === "certificate" || message.kind === "block" || message.kind === "chain") return [];
      return message.kind === "prePrepare" && (to + message.message.view) % 3 === 0 ? [] : [message];
    },
  };
}
