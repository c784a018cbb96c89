// Members that keep to themselves what others need.
import type { Mischief } from "./mischief.ts";

/** Follows, and says nothing. */
export function createSilent(): Mischief {
  return { name: "silent", rewrite: () => [], rewriteOther: () => [] };
}

/** Speaks to some and never to the others. */
export function createWithholding(): Mischief {
  const favoured = new Map<number, boolean>();
  const rewriteOther: NonNullable<Mischief["rewriteOther"]> = (_kind, to, { dice }) => {
    let isFavoured = favoured.get(to);
    if (isFavoured === undefined) {
      isFavoured = dice.chance(0.5);
      favoured.set(to, isFavoured);
    }
    return isFavoured ? ["itself"] : [];
  };
  return {
    name: "withholding",
    rewrite: (_statement, to, tools) => rewriteOther("talk", to, tools),
    rewriteOther,
  };
}

/** Votes like everyone, but hands on no certificate, block or chain, and shows its proposals to two in three. */
export function createCertificateWithholder(): Mischief {
  return {
    name: "certificateWithholder",
    rewrite: (statement, to) => {
      if (statement.kind === "certificate") return [];
      return statement.kind === "prePrepare" && (to + statement.message.view) % 3 === 0 ? [] : ["itself"];
    },
    rewriteOther: (kind) => (kind === "supply" ? [] : ["itself"]),
  };
}
