import {
  BEACON_ROOTS,
  BEACON_ROOTS_CODE,
  HISTORY_STORAGE,
  HISTORY_STORAGE_CODE,
  VALIDATOR_REGISTRY,
} from "@festina/contracts";
import { type Address, bytesToHex, ZERO_HASH } from "@festina/primitives";
import { fastTimeMs } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { createFastGenesis, readCandidates, toBlockContext, totalSupplyWei } from "../../src/index.ts";
import { TestChain } from "./aChain.ts";
import { aSpec, ETHER, GENESIS_SECONDS, OWNERS, PAYOUTS, testSuite, USERS } from "./members.ts";

const SPEC = aSpec();

describe("the genesis block", () => {
  it("seats the committee of the chain spec and points to the snail genesis", async () => {
    const { head, snail } = await TestChain.create(SPEC);
    expect(head.committee).toMatchObject({ epoch: 0, members: SPEC.genesisValidators.map(({ seats }) => ({ seats })) });
    expect(head).toMatchObject({ previousCommittee: null, certifiedNumber: 0, candidates: [], epochBaseNumber: 0 });
    expect(head.pointer).toEqual({ number: 0, hash: snail.genesisHash, anchorTimeMs: GENESIS_SECONDS * 1000 });
    expect(head.header).toMatchObject({ number: 0, parentHash: ZERO_HASH, snailPointer: snail.genesisHash });
    expect(fastTimeMs(head.header)).toBe(GENESIS_SECONDS * 1000);
  });

  it("holds the deposits in the registry, which tells its validators, and every wei is counted", async () => {
    const chain = await TestChain.create(SPEC);
    const deposits = SPEC.genesisValidators.reduce((sum, { depositWei }) => sum + depositWei, 0n);
    expect(chain.balanceOf(VALIDATOR_REGISTRY)).toBe(deposits);
    expect(chain.balanceOf(USERS[0])).toBe(1_000n * ETHER);
    expect(chain.sumOfBalances()).toBe(totalSupplyWei(chain.head.supply));
    const view = chain.states.open(chain.head.header.stateRoot);
    const context = toBlockContext(chain.head.header, SPEC, chain.ancestry);
    const candidates = await readCandidates(view, context, chain.environment.engine, chain.environment.suite);
    expect(candidates).toEqual(
      SPEC.genesisValidators.map(({ address, payout, publicKey, depositWei }) => ({
        address,
        payout,
        publicKey,
        depositWei,
        readyAt: 0,
        isLeaving: false,
      })),
    );
    // Reading left no trace.
    expect(chain.states.seal(chain.head.header.stateRoot, view)).toBe(chain.head.header.stateRoot);
  });

  it("has Ethereum's system contracts in place", async () => {
    const chain = await TestChain.create(SPEC);
    const view = chain.states.open(chain.head.header.stateRoot);
    expect(bytesToHex(view.getCode(BEACON_ROOTS))).toBe(BEACON_ROOTS_CODE);
    expect(bytesToHex(view.getCode(HISTORY_STORAGE))).toBe(HISTORY_STORAGE_CODE);
  });

  it("puts accounts there with nonce, code and storage", async () => {
    const address = `0x${"c7".repeat(20)}` as Address;
    const account = { address, balanceWei: 3n, nonce: 2n, code: "0x6001", storage: [[4n, 5n]] } as const;
    const chain = await TestChain.create(aSpec({ genesisAccounts: [account] }));
    const view = chain.states.open(chain.head.header.stateRoot);
    expect(view.getAccount(address)).toMatchObject({ balanceWei: 3n, nonce: 2n });
    expect(view.getStorage(address, 4n)).toBe(5n);
    expect(bytesToHex(view.getCode(address))).toBe("0x6001");
  });

  it("differs in hash and beacon where the spec differs in anything", async () => {
    const one = await TestChain.create(SPEC);
    const same = await TestChain.create(aSpec());
    const other = await TestChain.create(aSpec({ unbondingSeconds: 601 }));
    expect(same.head.hash).toBe(one.head.hash);
    expect(other.head.hash).not.toBe(one.head.hash);
    expect(other.head.header.beacon).not.toBe(one.head.header.beacon);
  });

  it("is refused with a validator that does not prove its key, or an account named twice", async () => {
    const chain = await TestChain.create(SPEC);
    const tools = { ...chain.environment, snailGenesisHash: chain.snail.genesisHash };
    const suite = { ...testSuite, verifyPossession: (key: Uint8Array) => key[0] !== 3 };
    const unproven = await createFastGenesis(SPEC, { ...tools, suite });
    expect(!unproven.ok && unproven.error).toMatchObject({ code: "GENESIS_POSSESSION_UNPROVEN" });
    expect(!unproven.ok && unproven.error.message).toContain(OWNERS[2]);
    const twice = aSpec({ genesisAccounts: [...SPEC.genesisAccounts, { address: USERS[0], balanceWei: 1n }] });
    const repeated = await createFastGenesis(twice, tools);
    expect(!repeated.ok && repeated.error.code).toBe("GENESIS_ACCOUNT_REPEATED");
  });

  it("counts what it gives to an account that the protocol uses itself", async () => {
    const gifts = [VALIDATOR_REGISTRY, PAYOUTS[0]].map((address) => ({ address, balanceWei: 9n }));
    const chain = await TestChain.create(aSpec({ genesisAccounts: gifts }));
    expect(chain.sumOfBalances()).toBe(totalSupplyWei(chain.head.supply));
  });
});
