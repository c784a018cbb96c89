import { keccak256 } from "@festina/crypto";
import { type Address, bytesToBigint, bytesToHex, concatBytes, hexToBytes } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type DrawInput, drawCommittee } from "../src/index.ts";
import { address, candidate, DEPOSIT_PER_SEAT_WEI, drawInput, member, seed } from "./drawInputs.ts";

function seatsOf(input: DrawInput): ReadonlyMap<Address, number> {
  return new Map(drawCommittee(input).committee.members.map((found) => [found.address, found.seats]));
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}

/** The rule as it is written: seat i falls on (i + u) W / N; fractions compared crosswise, nothing rounded. */
function seatsByDefinition(input: DrawInput): ReadonlyMap<Address, number> {
  const seedBytes = hexToBytes(input.seed);
  const order = (name: Address): string => bytesToHex(keccak256(concatBytes(seedBytes, hexToBytes(name))));
  const line = [...input.weights.keys()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const total = [...input.weights.values()].reduce((all, weight) => all + weight, 0n);
  const u = bytesToBigint(keccak256(concatBytes(seedBytes, Uint8Array.of(0))).subarray(0, 8));
  const seats = new Map<Address, number>();
  for (let seat = 0; seat < input.seats; seat++) {
    let begin = 0n;
    for (const name of line) {
      const end = begin + (input.weights.get(name) ?? 0n);
      const numerator = (BigInt(seat) * 2n ** 64n + u) * total;
      const scale = BigInt(input.seats) * 2n ** 64n;
      if (numerator >= begin * scale && numerator < end * scale) seats.set(name, (seats.get(name) ?? 0) + 1);
      begin = end;
    }
  }
  return seats;
}

const weightList = fc.array(fc.bigInt({ min: 1n, max: 2n ** 40n }), { minLength: 1, maxLength: 30 });
const anySeed = fc.nat({ max: 10_000 }).map(seed);

describe("systematic draw", () => {
  it("is the rule as written, without rounding", () => {
    fc.assert(
      fc.property(weightList, anySeed, fc.integer({ min: 1, max: 130 }), (weights, chosen, seats) => {
        const input = drawInput(weights, { seed: chosen, seats });
        expect(seatsOf(input)).toEqual(new Map([...seatsByDefinition(input)].filter(([, count]) => count > 0)));
      }),
    );
  });

  it("gives everybody the floor or the ceiling of its share, and all seats to somebody", () => {
    fc.assert(
      fc.property(weightList, anySeed, (weights, chosen) => {
        const seats = seatsOf(drawInput(weights, { seed: chosen }));
        const total = weights.reduce((all, weight) => all + weight, 0n);
        expect(sum(seats.values())).toBe(100);
        for (const [index, weight] of weights.entries()) {
          const found = BigInt(seats.get(address(index)) ?? 0);
          const floor = (weight * 100n) / total;
          expect(found === floor || (found === floor + 1n && (weight * 100n) % total !== 0n)).toBe(true);
        }
      }),
    );
  });

  it("gives four equal members 25 seats each, so that any one of them may die", () => {
    for (let index = 0; index < 50; index++) {
      const seats = seatsOf(drawInput([7n, 7n, 7n, 7n], { seed: seed(index) }));
      expect([...seats.values()]).toEqual([25, 25, 25, 25]);
    }
  });

  it("has a linear mean: neither splitting nor merging work gains seats", () => {
    const rounds = 2_000;
    const meanOf = (weights: readonly bigint[], mine: number): number => {
      let held = 0;
      for (let index = 0; index < rounds; index++) {
        const seats = seatsOf(drawInput(weights, { seed: seed(index), seats: 20 }));
        for (let part = 0; part < mine; part++) held += seats.get(address(part)) ?? 0;
      }
      return held / rounds;
    };
    // A quarter of the work against five honest pools: 5 of 20 seats with one key or with ten.
    const honest = [15n, 15n, 15n, 15n, 15n].map((weight) => weight * 2n);
    expect(meanOf([50n, ...honest], 1)).toBeCloseTo(5, 1);
    expect(meanOf([...Array.from({ length: 10 }, () => 5n), ...honest], 10)).toBeCloseTo(5, 1);
  });

  it("depends on the seed, and not on the order in which candidates are listed", () => {
    const input = drawInput([5n, 9n, 14n, 3n, 8n], { seats: 7 });
    const reversed = { ...input, candidates: [...input.candidates].reverse() };
    expect(drawCommittee(reversed).committee).toEqual(drawCommittee(input).committee);
    const outcomes = new Set(
      Array.from({ length: 20 }, (_, index) =>
        JSON.stringify(drawCommittee({ ...input, seed: seed(index) }).committee),
      ),
    );
    expect(outcomes.size).toBeGreaterThan(10);
  });

  it("seats registered keys and payout addresses", () => {
    const { committee, outcome } = drawCommittee(drawInput([1n], { epoch: 4 }));
    expect(outcome).toBe("elected");
    expect(committee).toEqual({ epoch: 4, members: [{ ...member(0), seats: 100 }] });
  });
});

describe("caps by deposit", () => {
  it("nobody holds more seats than its deposit covers, and no seat is lost while somebody has room", () => {
    const entrants = fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 1_000n }), fc.integer({ min: 1, max: 60 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(entrants, anySeed, (list, chosen) => {
        const input = drawInput(
          list.map(([weight]) => weight),
          { seed: chosen },
        );
        const candidates = list.map(([, seatsMax], index) =>
          candidate(index, { depositWei: BigInt(seatsMax) * DEPOSIT_PER_SEAT_WEI + DEPOSIT_PER_SEAT_WEI - 1n }),
        );
        const seats = seatsOf({ ...input, candidates });
        for (const [index, [, seatsMax]] of list.entries()) {
          expect(seats.get(address(index)) ?? 0).toBeLessThanOrEqual(seatsMax);
        }
        expect(sum(seats.values())).toBe(Math.min(100, sum(list.map(([, seatsMax]) => seatsMax))));
      }),
    );
  });

  it("seats above a cap go to the others in proportion", () => {
    const input = drawInput([80n, 10n, 10n]);
    const candidates = [candidate(0, { depositWei: 20n * DEPOSIT_PER_SEAT_WEI }), candidate(1), candidate(2)];
    expect([...seatsOf({ ...input, candidates })].sort()).toEqual([
      [address(0), 20],
      [address(1), 40],
      [address(2), 40],
    ]);
  });
});

describe("who takes part", () => {
  const reasonFor = (changes: Parameters<typeof candidate>[1], weight = 10n) => {
    const input = drawInput([weight, 10n]);
    const draw = drawCommittee({ ...input, candidates: [candidate(0, changes), candidate(1)] });
    expect(draw.committee.members.map((found) => found.address)).toEqual([address(1)]);
    return draw.lines[0]?.excluded;
  };

  it("nobody that is leaving, was not ready, has no work or too small a deposit; and it is said why", () => {
    expect(reasonFor({ isLeaving: true })).toBe("leaving");
    expect(reasonFor({ readyAt: 49 })).toBe("notReady");
    expect(reasonFor({}, 0n)).toBe("noWork");
    expect(reasonFor({ depositWei: DEPOSIT_PER_SEAT_WEI - 1n })).toBe("depositTooSmall");
  });

  it("work for a name that is not registered earns nothing and takes nothing away", () => {
    const input = drawInput([10n, 10n]);
    const weights = new Map([...input.weights, [address(55), 1_000n]]);
    expect([...seatsOf({ ...input, weights }).values()]).toEqual([50, 50]);
  });

  it("every candidate has a line with all that went into the draw", () => {
    const input = drawInput([30n, 70n]);
    const candidates = [candidate(0, { depositWei: 40n * DEPOSIT_PER_SEAT_WEI }), candidate(1), candidate(2)];
    expect(drawCommittee({ ...input, candidates }).lines).toEqual([
      { address: address(0), weight: 30n, excluded: null, seatsMax: 40, seats: 30 },
      { address: address(1), weight: 70n, excluded: null, seatsMax: 100, seats: 70 },
      { address: address(2), weight: 0n, excluded: "noWork", seatsMax: 100, seats: 0 },
    ]);
  });
});

describe("voided seats", () => {
  it("are dropped after the draw: leaving late changes nobody else's seats", () => {
    fc.assert(
      fc.property(weightList, anySeed, fc.nat({ max: 29 }), (weights, chosen, who) => {
        const input = drawInput([...weights, 1_000n], { seed: chosen });
        const before = drawCommittee(input);
        const after = drawCommittee({ ...input, voided: new Set([address(who)]) });
        const others = before.committee.members.filter((found) => found.address !== address(who));
        if (others.length > 0) expect(after.committee.members).toEqual(others);
        const line = after.lines.find((found) => found.address === address(who));
        if (line !== undefined) expect(line.excluded).toBe("voided");
        expect(after.lines.map(({ seats }) => seats)).toEqual(before.lines.map(({ seats }) => seats));
      }),
    );
  });
});

describe("too few validators", () => {
  const tooFew = drawInput([10n, 10n], { epoch: 6, minValidators: 3 });

  it("the sitting committee stays and the epoch turns over", () => {
    const draw = drawCommittee(tooFew);
    expect(draw.outcome).toBe("sittingStays");
    expect(draw.committee).toEqual({ epoch: 6, members: tooFew.sitting.members });
  });

  it("without its void seats, unless none would be left", () => {
    const one = drawCommittee({ ...tooFew, voided: new Set([address(8)]) });
    expect(one.committee.members.map((found) => found.address)).toEqual([address(7), address(9)]);
    const all = drawCommittee({ ...tooFew, voided: new Set([address(7), address(8), address(9)]) });
    expect(all.committee.members).toEqual(tooFew.sitting.members);
  });

  it("also when nobody stands, and when those elected left before the handover", () => {
    expect(drawCommittee({ ...tooFew, minValidators: 1, candidates: [] }).outcome).toBe("sittingStays");
    const left = drawCommittee({ ...tooFew, minValidators: 2, voided: new Set([address(0)]) });
    expect(left.outcome).toBe("sittingStays");
    expect(drawCommittee({ ...tooFew, minValidators: 2 }).outcome).toBe("elected");
  });
});
