// A member that stops voting: it loses pay, then its place, and nothing else, until its owner asks back.
import { decodeCandidate, encodeUnjail, VALIDATOR_REGISTRY, VALIDATOR_REGISTRY_SELECTORS } from "@festina/contracts";
import { type Address, concatBytes, hexToBytes, ZERO_ADDRESS } from "@festina/primitives";
import { NO_OVERRIDES } from "@festina/rpc";
import { type Certificate, signTransaction } from "@festina/types";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { aSpec, CommitteeNetwork, DEPOSIT_WEI, OWNER_KEYS, OWNERS } from "../committee/committee.ts";

jest.setTimeout(60_000);

const ABSENT = 3;
const OWNER = OWNERS[ABSENT] as Address;
/** Epochs last too long to matter: it is still a member when it is jailed. */
const SPEC = aSpec({ jailAfterPayouts: 3 }, { electionWindowBlocks: 100 });

describe("a member that stops voting", () => {
  const committee = new CommitteeNetwork(SPEC, [0]);

  /** Each node says so when the block is final there. */
  const isJailedFor = (index: number) => () => committee.events("validatorJailed").some(({ node }) => node === index);

  async function registered() {
    const { execution } = committee.node(1).backend;
    const data = concatBytes(hexToBytes(VALIDATOR_REGISTRY_SELECTORS.validator), new Uint8Array(12), hexToBytes(OWNER));
    const request = { from: ZERO_ADDRESS, to: VALIDATOR_REGISTRY, data, valueWei: 0n, gas: null, gasPriceWei: 0n };
    const answer = await execution.call(
      { ...request, accessList: [], overrides: NO_OVERRIDES },
      { number: committee.height(1), isNext: false },
    );
    const decoded = decodeCandidate(answer?.kind === "success" ? answer.output : new Uint8Array(0));
    if (!decoded.ok) throw new Error(decoded.error.message);
    return decoded.value;
  }

  beforeAll(async () => {
    await committee.start(0, 1, 2, 3);
    await committee.until("blocks are final", () => committee.height() >= 3);
    await committee.stop(ABSENT);
  });
  afterAll(() => committee.stopAll());

  it("is jailed after three payouts, keeps its deposit, and is the only one", async () => {
    await committee.until("somebody is jailed", isJailedFor(1), 120_000);
    expect(new Set(committee.events("validatorJailed").map(({ facts }) => facts["address"]))).toEqual(new Set([OWNER]));
    expect(await registered()).toMatchObject({ jailed: true, slashed: false, depositWei: DEPOSIT_WEI });
    expect(committee.node(0).backend.committee.slashed()).toEqual([]);
    expect(committee.events("evidence")).toEqual([]);
  });

  it("comes back when its owner asks for it", async () => {
    const { pool, chain } = committee.node(1).backend;
    const transaction = signTransaction(
      {
        type: 2,
        chainId: SPEC.chainId,
        nonce: pool.nextNonce(OWNER),
        maxFeePerGasWei: chain.nextBaseFeeWei() * 4n,
        maxPriorityFeePerGasWei: 1n,
        gasLimit: 200_000n,
        to: VALIDATOR_REGISTRY,
        valueWei: 0n,
        data: encodeUnjail(),
        accessList: [],
        authorizations: [],
        sponsorship: null,
      },
      OWNER_KEYS[ABSENT] as Uint8Array,
    );
    expect(await pool.submit(transaction.encoded)).toMatchObject({ ok: true });
    await committee.until("it is in a block", () => chain.transactionLocation(transaction.hash) !== undefined);
    expect(await registered()).toMatchObject({ jailed: false, depositWei: DEPOSIT_WEI });
  });
});

describe("a member whose votes always come last", () => {
  const LATE_MS = 60;
  const committee = new CommitteeNetwork(SPEC, [0], new Map([[ABSENT, LATE_MS]]));
  afterAll(() => committee.stopAll());

  it("is not taken for absent", async () => {
    await committee.start(0, 1, 2, 3);
    const { snail, chain } = committee.node(1).backend;
    const certificates = (): Certificate[] =>
      Array.from({ length: committee.height(1) }, (_, index) => chain.blockByNumber(index + 1)).flatMap(
        (record) => record?.block.requests.certificate ?? [],
      );
    // Payouts enough to be jailed for, had it gone without.
    await committee.until("payouts", () => snail.head() >= 5 && certificates().length >= 8, 120_000);
    expect(committee.events("validatorJailed")).toEqual([]);
  });
});
