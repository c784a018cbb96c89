import { assert, ZERO_HASH } from "@festina/primitives";
import { certificateHash, computeFruitsRoot, type SnailBlock } from "@festina/types";
import { invalid, VALID, type Verdict } from "../verdict.ts";
import type { SnailEntry } from "./ancestry.ts";
import { verifyPackedFruits } from "./verifyPackedFruits.ts";
import { verifySnailAnchor } from "./verifySnailAnchor.ts";
import { type SnailContext, verifySnailHeader } from "./verifySnailHeader.ts";

/** All rules of a snail block: header, then body. */
export function verifySnailBlock(block: SnailBlock, context: SnailContext): Verdict {
  const header = verifySnailHeader(block.header, context);
  return header.kind === "valid" ? verifySnailBody(block, context) : header;
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
  if (header.packedFruits !== parent.block.header.packedFruits + fruits.length) {
    return invalid("SNAIL_PACKED_FRUITS_WRONG", `${fruits.length} fruits do not explain ${header.packedFruits}`);
  }
  if (computeFruitsRoot(fruits) !== header.fruitsRoot) {
    return invalid("SNAIL_FRUITS_ROOT_WRONG", "the fruits are not the sealed ones");
  }
  return verifySealedCertificate(block);
}

function verifySealedCertificate({ header, certificate }: SnailBlock): Verdict {
  const sealed = certificate === null ? ZERO_HASH : certificateHash(certificate);
  if (header.certificateHash !== sealed) {
    return invalid("SNAIL_CERTIFICATE_WRONG", "the certificate is not the sealed one");
  }
  if ((certificate === null) !== (header.anchorNumber === 0)) {
    return invalid("SNAIL_CERTIFICATE_WRONG", "every anchor but the fast genesis has a certificate");
  }
  if (certificate !== null && (certificate.kind !== "committed" || certificate.blockHash !== header.anchorHash)) {
    return invalid("SNAIL_CERTIFICATE_WRONG", "the certificate does not commit the anchor");
  }
  return VALID;
}
