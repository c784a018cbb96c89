import { encodeRlp } from "@festina/primitives";
import { EMPTY_ROOT, encodeExtraData, type FastHeader, hashFastHeader } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { decodeHybridState, encodeHybridState, type HybridState, totalSupplyWei } from "../../src/index.ts";
import { aSpec, OWNERS, PAYOUTS } from "./members.ts";

const HASH = `0x${"ab".repeat(32)}` as FastHeader["parentHash"];
const HEADER: FastHeader = {
  parentHash: HASH,
  coinbase: PAYOUTS[0],
  stateRoot: HASH,
  transactionsRoot: EMPTY_ROOT,
  receiptsRoot: EMPTY_ROOT,
  logsBloom: new Uint8Array(256),
  number: 8,
  gasLimit: 30_000_000n,
  gasUsed: 0n,
  timestamp: 1_800_000_000,
  extraData: encodeExtraData({ epoch: 1, view: 8, milliseconds: 7 }),
  beacon: HASH,
  baseFeePerGasWei: 9n,
  snailPointer: HASH,
  requestsHash: HASH,
};
const members = aSpec().genesisValidators.map(({ address, payout, publicKey, seats }) => ({
  address,
  payout,
  publicKey,
  seats,
}));
const STATE: HybridState = {
  header: HEADER,
  hash: hashFastHeader(HEADER),
  committee: { epoch: 1, members },
  previousCommittee: { epoch: 0, members: members.slice(1) },
  epochBaseNumber: 5,
  epochBaseHash: HASH,
  pointer: { number: 3, hash: HASH, anchorTimeMs: 1_799_999_999_999 },
  certifiedNumber: 6,
  participation: {
    certificates: 2,
    signed: new Map([
      [OWNERS[1], 1],
      [OWNERS[0], 2],
    ]),
  },
  absences: new Map([
    [OWNERS[1], 1],
    [OWNERS[0], 2],
  ]),
  slashed: [{ address: OWNERS[3], untilEpoch: 1 }],
  election: { phase: "seeded", epoch: 2, windowStartHeight: 4, frozenHeight: 7, frozenTimeMs: 9_000, beacon: HASH },
  nextWindowHeight: 6,
  candidates: [
    { address: OWNERS[2], payout: PAYOUTS[2], publicKey: "0x0102", depositWei: 5n, readyAt: 4, isLeaving: true },
  ],
  supply: { genesisWei: 100n, rewardsWei: 20n, baseFeeBurnedWei: 3n, slashBurnedWei: 2n, selfDestructBurnedWei: 1n },
};

describe("the hybrid state's encoding", () => {
  it("brings back every field", () => {
    const elections: HybridState["election"][] = [
      STATE.election,
      { phase: "collecting", epoch: 1, windowStartHeight: 0 },
      { phase: "frozen", epoch: 3, windowStartHeight: 1, frozenHeight: 2, frozenTimeMs: 3 },
    ];
    for (const election of elections) {
      for (const previousCommittee of [null, STATE.previousCommittee]) {
        const state = { ...STATE, election, previousCommittee };
        const decoded = decodeHybridState(encodeHybridState(state));
        expect(decoded.ok && decoded.value).toEqual(state);
      }
    }
  });

  it("is one per value: the order in which members signed does not show", () => {
    const signed = new Map([...STATE.participation.signed].reverse());
    const other = { ...STATE, participation: { ...STATE.participation, signed } };
    expect(encodeHybridState(other)).toEqual(encodeHybridState(STATE));
  });

  it("refuses what is cut, longer or not a state, without throwing", () => {
    const bytes = encodeHybridState(STATE);
    expect(decodeHybridState(bytes.subarray(0, bytes.length - 1)).ok).toBe(false);
    expect(decodeHybridState(Uint8Array.of(...bytes, 0)).ok).toBe(false);
    expect(decodeHybridState(encodeRlp([])).ok).toBe(false);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (garbage) => {
        expect(decodeHybridState(garbage).ok).toBe(false);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("has one form: what decodes at all encodes to the same bytes", () => {
    const bytes = encodeHybridState(STATE);
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      const decoded = decodeHybridState(changed);
      if (decoded.ok) expect(encodeHybridState(decoded.value)).toEqual(changed);
    }
  });
});

describe("the supply", () => {
  it("is what was made less what was burned", () => {
    expect(totalSupplyWei(STATE.supply)).toBe(100n + 20n - 3n - 2n - 1n);
  });
});
