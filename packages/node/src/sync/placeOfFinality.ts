import { assert } from "@festina/primitives";
import { type Certificate, decodeExtraData, type FastBlock } from "@festina/types";
import type { VotingPlace } from "./headAnnouncer.ts";

/** Where a block became final: in the view of its certificate, or else, about, where it was first proposed. */
export function placeOfFinality({ header }: FastBlock, certificate: Certificate | null): VotingPlace {
  if (certificate !== null) return certificate;
  const extra = decodeExtraData(header.extraData);
  assert(extra.ok, "a final block names its view");
  return extra.value;
}
