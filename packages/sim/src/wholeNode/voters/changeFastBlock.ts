// Other blocks in the place of real ones, as a dishonest leader would make them without executing anything.
import type { SignatureSuite, SigningContext } from "@festina/crypto";
import { NO_REVEAL, nextBeacon, revealMessage } from "@festina/fastchain";
import { type Address, bytesToHex, type Hash32, hexToBytes } from "@festina/primitives";
import {
  decodeExtraData,
  decodeFastBlock,
  encodeExtraData,
  encodeFastBlock,
  type FastBlock,
  type FastHeader,
  hashFastHeader,
} from "@festina/types";
import type { BlockChange, ChangedBlock } from "../../byzantine/mischief.ts";

function sealed(block: FastBlock, header: FastHeader): ChangedBlock {
  const changed = { ...block, header, hash: hashFastHeader(header) };
  return { hash: changed.hash, envelope: encodeFastBlock(changed) };
}

function flipped(root: Hash32): Hash32 {
  const bytes = hexToBytes(root);
  bytes[0] = (bytes[0] as number) ^ 1;
  return bytesToHex(bytes) as Hash32;
}

/**
 * Another block is the same a millisecond later or, at the end of a second, earlier: nothing that is executed knows
 * milliseconds, so it is as valid as the first.
 */
export function changeFastBlock(envelope: Uint8Array, change: BlockChange): ChangedBlock | null {
  const decoded = decodeFastBlock(envelope);
  if (!decoded.ok) return null;
  const { header } = decoded.value;
  if (change === "wrongRoot") return sealed(decoded.value, { ...header, stateRoot: flipped(header.stateRoot) });
  const extra = decodeExtraData(header.extraData);
  if (!extra.ok) return null;
  const milliseconds = extra.value.milliseconds + (extra.value.milliseconds < 999 ? 1 : -1);
  return sealed(decoded.value, { ...header, extraData: encodeExtraData({ ...extra.value, milliseconds }) });
}

export interface RivalPlace {
  readonly view: number;
  readonly payout: Address;
  /** Of the block below. */
  readonly parentBeacon: Hash32;
  readonly isRevealDue: boolean;
  readonly context: SigningContext;
}

/**
 * What another leader would make of the same content in another view; `null` where the content depends on who proposes.
 */
export function rivalOf(
  block: FastBlock,
  { view, payout, parentBeacon, isRevealDue, context }: RivalPlace,
  suite: SignatureSuite,
  secretKey: Uint8Array,
): (ChangedBlock & { readonly reveal: Uint8Array }) | null {
  const { pointer, evidence, handover } = block.requests;
  const extra = decodeExtraData(block.header.extraData);
  if (pointer !== null || evidence.length > 0 || handover !== null || !extra.ok) return null;
  const reveal = isRevealDue ? (suite.beacon ?? suite).sign(secretKey, revealMessage(context, view)) : NO_REVEAL;
  const extraData = encodeExtraData({ ...extra.value, view });
  const beacon = nextBeacon(parentBeacon, reveal);
  return { ...sealed(block, { ...block.header, coinbase: payout, extraData, beacon }), reveal };
}
