// Committees, how they were drawn, and how the next is elected.
import {
  address,
  bytes,
  flag,
  hash,
  integer,
  list,
  nullable,
  object,
  quantity,
  type Shape,
  text,
  type ValueOf,
  words,
} from "./shape.ts";
import { certificate } from "./snailShapes.ts";

const memberFields = { address, payout: address, publicKey: bytes, seats: integer } as const;
export const member = object(memberFields);
const span = object({ first: quantity, last: quantity });

export const committee = object({
  epoch: quantity,
  /** Fast blocks. */
  firstBlock: quantity,
  /** `null` while the epoch lasts. */
  lastBlock: nullable(quantity),
  totalSeats: integer,
  quorumSeats: integer,
  members: list(object({ ...memberFields, slashed: flag })),
});
export type Committee = ValueOf<typeof committee>;

/** A certificate that makes blocks final, and the block that it names. */
export const finalCertificate: Shape<FinalCertificate> = (wire, path) => ({
  ...certificate(wire, path),
  ...object({ blockNumber: quantity })(wire, path),
});
export type FinalCertificate = ValueOf<typeof certificate> & { readonly blockNumber: bigint };

const countedFruit = object({ hash, supports: address, difficulty: quantity });
const draw = object({
  /** Snail blocks whose fruits count, both ends included. */
  window: span,
  seed: object({ domain: text, beacon: hash, beaconNumber: quantity, snailHash: hash, value: hash }),
  windowStartHeight: quantity,
  frozenHeight: quantity,
  seats: integer,
  depositPerSeat: quantity,
  minValidators: integer,
  sitting: list(member),
  voided: list(address),
  candidates: list(
    object({
      ...memberFields,
      deposit: quantity,
      readyAt: quantity,
      isLeaving: flag,
      weight: quantity,
      /** Why it could not be drawn. */
      excluded: nullable(text),
      seatsMax: integer,
    }),
  ),
  /** In units of 2^-64. */
  offset: quantity,
  line: list(object({ address, weight: quantity, order: hash })),
  rounds: list(object({ totalWeight: quantity, points: list(object({ point: quantity, address })) })),
  /** How many there are, or all of them where that was asked for. */
  fruits: (wire: unknown, path: string) =>
    typeof wire === "number" ? integer(wire, path) : list(countedFruit)(wire, path),
});

export const explanation = object({
  epoch: quantity,
  firstBlock: quantity,
  outcome: words("genesis", "restart", "elected", "sittingStays", "recovery"),
  members: list(member),
  /** `null` where nothing was drawn. */
  draw: nullable(draw),
});
export type CommitteeExplanation = ValueOf<typeof explanation>;

export const election = object({
  /** Of the committee to come. */
  epoch: quantity,
  phase: words("collecting", "frozen", "seeded"),
  window: span,
  snailNumber: quantity,
  frozenFrom: quantity,
  frozenHeight: nullable(quantity),
  /** Unix milliseconds. */
  handoverAfterMs: nullable(quantity),
  weights: list(object({ address, fruits: integer, weight: quantity })),
});
export type Election = ValueOf<typeof election>;

export const evidence = object({
  hash,
  epoch: quantity,
  view: quantity,
  /** `null` for members of a committee that the node does not know. */
  accused: list(nullable(address)),
  statements: list(object({ kind: text, blockHash: hash })),
});
export type Evidence = ValueOf<typeof evidence>;
