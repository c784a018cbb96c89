// The draw of a committee once more, from its wording (docs/spec/committee.md) and not from its code.
import { keccak256 } from "@festina/crypto";
import {
  asciiToBytes,
  bytesToBigint,
  bytesToHex,
  concatBytes,
  type Hash32,
  type Hex,
  hexToBytes,
} from "@festina/primitives";
import type { RegisteredValidator } from "./registryStorage.ts";

export interface SeatDraw {
  readonly beacon: Hash32;
  /** Of the window's last snail block. */
  readonly windowLastHash: Hash32;
  /** As the registry listed them at the freeze. */
  readonly candidates: readonly RegisteredValidator[];
  /** Sum of the difficulties of the window's fruits, by the validator they support. */
  readonly weights: ReadonlyMap<string, bigint>;
  readonly windowStart: number;
  readonly seats: number;
  readonly depositPerSeatWei: bigint;
}

export interface DrawnSeats {
  readonly validator: RegisteredValidator;
  readonly seats: number;
}

const UNIT = 2n ** 64n;

/** Who holds seat `seat` of `seats` on a line of stretches, the random point being `u` of 2^64. */
function holderOf(seat: number, seats: number, stretches: readonly bigint[], u: bigint): number {
  const total = stretches.reduce((sum, stretch) => sum + stretch, 0n);
  const point = ((BigInt(seat) * UNIT + u) * total) / (BigInt(seats) * UNIT);
  let passed = 0n;
  return stretches.findIndex((stretch) => {
    passed += stretch;
    return point < passed;
  });
}

/** In the order of the line, those without a seat included. */
export function drawSeats(draw: SeatDraw): readonly DrawnSeats[] {
  const { candidates, weights, windowStart, depositPerSeatWei } = draw;
  const seed = keccak256(
    concatBytes(asciiToBytes("festina/election/1"), hexToBytes(draw.beacon), hexToBytes(draw.windowLastHash)),
  );
  const u = bytesToBigint(keccak256(concatBytes(seed, Uint8Array.of(0))).slice(0, 8));
  const line = candidates
    .filter(({ isLeaving, readyAt }) => !isLeaving && readyAt >= windowStart)
    .filter(({ address, depositWei }) => (weights.get(address) ?? 0n) > 0n && depositWei >= depositPerSeatWei)
    .map((validator) => ({
      validator,
      weight: weights.get(validator.address) ?? 0n,
      cap: Math.min(Number(validator.depositWei / depositPerSeatWei), draw.seats),
      place: bytesToHex(keccak256(concatBytes(seed, hexToBytes(validator.address as Hex)))),
      seats: 0,
    }))
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  let left = draw.seats;
  for (let open = line; left > 0 && open.length > 0; open = line.filter(({ seats, cap }) => seats < cap)) {
    const stretches = open.map(({ weight }) => weight);
    const offered = open.map(() => 0);
    for (let seat = 0; seat < left; seat++) {
      const holder = holderOf(seat, left, stretches, u);
      offered[holder] = (offered[holder] as number) + 1;
    }
    open.forEach((entrant, index) => {
      const taken = Math.min(offered[index] as number, entrant.cap - entrant.seats);
      entrant.seats += taken;
      left -= taken;
    });
  }
  return line.map(({ validator, seats }) => ({ validator, seats }));
}
