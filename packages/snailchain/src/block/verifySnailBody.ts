import { assert, ZERO_HASH } from "@festina/primitives";
import { certificateHash, computeFruitsRoot, type SnailBlock } from "@festina/types";
import { invalid, VALID, type Verdict } from "../verdict.ts";
import type { SnailEntry } from "./ancestry.ts";
import { verifyPackedFruits } from "./verifyPackedFruits.ts";
import { verifySnailAnchor } from "./verifySnailAnchor.ts";
import { type SnailContext, verifyAgainstParent, verifySnailHeader } from "./verifySnailHeader.ts";

/** All rules of a snail block: header, then body. */
export function verifySnailBlock(block: SnailBlock, context: SnailContext): Verdict {
  const cheap = verifySnailCheaply(block, context);
  if (cheap.kind !== "valid") return cheap;
  const header = verifySnailHeader(block.header, context);
  return header.kind === "valid" ? verifySnailBody(block, context) : header;
}

/** The rules that need no hash, of header and body: a flood of what breaks them costs a few microseconds each. */
export function verifySnailCheaply(block: SnailBlock, context: SnailContext): Verdict {
  const { header, fruits } = block;
  const { maxFruits } = context.spec.preset;
  if (header.number < 1) return invalid("SNAIL_NUMBER_WRONG", "only genesis has number 0");
  if (fruits.length > maxFruits) {
    return invalid("SNAIL_TOO_MANY_FRUITS", `${fruits.length} fruits, at most ${maxFruits}`);
  }
  const certificate = verifyNamedCertificate(block);
  if (certificate.kind !== "valid") return certificate;
  const parent = context.ancestry.byHash(header.parentHash);
  if (parent === undefined) return VALID;
  const broken = verifyAgainstParent(header, parent, context);
  if (broken.kind !== "valid") return broken;
  const anchor = context.fastView.committed(header.anchorNumber);
  if (anchor !== undefined && anchor.hash !== header.anchorHash) {
    return invalid("SNAIL_ANCHOR_NOT_COMMITTED", `another fast block is committed at ${header.anchorNumber}`);
  }
  return verifyCount(block, parent);
}

function verifyCount({ header, fruits }: SnailBlock, parent: SnailEntry): Verdict {
  if (header.packedFruits === parent.block.header.packedFruits + fruits.length) return VALID;
  return invalid("SNAIL_PACKED_FRUITS_WRONG", `${fruits.length} fruits do not explain ${header.packedFruits}`);
}

/** Whether there is a certificate exactly where one is due, and of the anchor. */
function verifyNamedCertificate({ header, certificate }: SnailBlock): Verdict {
  if ((certificate === null) !== (header.anchorNumber === 0)) {
    return invalid("SNAIL_CERTIFICATE_WRONG", "every anchor but the fast genesis has a certificate");
  }
  if (certificate !== null && (certificate.kind !== "committed" || certificate.blockHash !== header.anchorHash)) {
    return invalid("SNAIL_CERTIFICATE_WRONG", "the certificate does not commit the anchor");
  }
  return VALID;
}

/**
 * The rules beyond the header of a block whose header is valid: the body is the sealed one, the anchor is committed,
 * every fruit may be packed here. Cheapest first; what needs the fast chain comes after what does not.
 */
export function verifySnailBody(block: SnailBlock, context: SnailContext): Verdict {
  const parent = context.ancestry.byHash(block.header.parentHash);
  assert(parent !== undefined, "a valid header has a known parent");
  const sealed = verifySealedBody(block, parent, context);
  if (sealed.kind !== "valid") return sealed;
  const anchor = verifySnailAnchor(block, parent, context);
  if (anchor.kind !== "valid") return anchor;
  return verifyPackedFruits(block, parent, context);
}

/** Whether fruits and certificate are the ones that the header seals. */
function verifySealedBody(block: SnailBlock, parent: SnailEntry, context: SnailContext): Verdict {
  const { header, fruits } = block;
  const { maxFruits } = context.spec.preset;
  if (fruits.length > maxFruits) {
    return invalid("SNAIL_TOO_MANY_FRUITS", `${fruits.length} fruits, at most ${maxFruits}`);
  }
  const count = verifyCount(block, parent);
  if (count.kind !== "valid") return count;
  if (computeFruitsRoot(fruits) !== header.fruitsRoot) {
    return invalid("SNAIL_FRUITS_ROOT_WRONG", "the fruits are not the sealed ones");
  }
  return verifySealedCertificate(block);
}

function verifySealedCertificate(block: SnailBlock): Verdict {
  const { header, certificate } = block;
  const sealed = certificate === null ? ZERO_HASH : certificateHash(certificate);
  if (header.certificateHash !== sealed) {
    return invalid("SNAIL_CERTIFICATE_WRONG", "the certificate is not the sealed one");
  }
  return verifyNamedCertificate(block);
}
