import {
  encodeRlp,
  type Hash32,
  hexToBytes,
  type Result,
  type RlpItem,
  type RlpReader,
  readRlp,
  rlpInteger,
  ZERO_HASH,
} from "@festina/primitives";

/** What members say about a view. At most one PREPARE; never both COMMIT and VIEW-CHANGE (rules S1 to S3). */
export const VOTE_KINDS = ["prepare", "commit", "viewChange"] as const;
export type VoteKind = (typeof VOTE_KINDS)[number];

export interface Vote {
  readonly kind: VoteKind;
  readonly epoch: number;
  readonly view: number;
  /** Hash of the block; `ZERO_HASH` for a VIEW-CHANGE. */
  readonly blockHash: Hash32;
  /** Position of the voter in the epoch's committee. */
  readonly member: number;
  readonly signature: Uint8Array;
}

export function voteItem(vote: Vote): RlpItem {
  return [
    rlpInteger(VOTE_KINDS.indexOf(vote.kind)),
    rlpInteger(vote.epoch),
    rlpInteger(vote.view),
    hexToBytes(vote.blockHash),
    rlpInteger(vote.member),
    vote.signature,
  ];
}

export function encodeVote(vote: Vote): Uint8Array {
  return encodeRlp(voteItem(vote));
}

export function readVote(reader: RlpReader): Vote {
  const kind = VOTE_KINDS[reader.number("kind")];
  reader.expect(kind !== undefined, "unknown kind");
  const vote = {
    kind: kind as VoteKind,
    epoch: reader.number("epoch"),
    view: reader.number("view"),
    blockHash: reader.hash("blockHash"),
    member: reader.number("member"),
    signature: reader.bytes("signature", { max: 128 }),
  };
  reader.expect((kind === "viewChange") === (vote.blockHash === ZERO_HASH), "only VIEW-CHANGE names no block");
  return vote;
}

export function decodeVote(bytes: Uint8Array): Result<Vote, "DECODE_INVALID"> {
  return readRlp(bytes, "vote", readVote);
}
