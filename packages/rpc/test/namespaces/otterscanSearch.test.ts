import { fail, ok } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { address, sampleTransactions } from "../../testing/fakeChain.ts";
import { createMethods } from "./methodFixture.ts";

const INSIDE = address("99");
const { feeMarket, accessList, creation } = sampleTransactions();
const call = { type: "CALL", gas: "0x1", gasUsed: "0x1", input: "0x", from: address("1"), to: address("2") };

interface Page {
  readonly txs: readonly { readonly hash: string; readonly blockNumber: string }[];
  readonly firstPage: boolean;
  readonly lastPage: boolean;
}

function start() {
  const methods = createMethods();
  const { backend } = methods;
  const search = (): Promise<Page> => methods.call("ots_searchTransactionsBefore", INSIDE, 0, 25) as Promise<Page>;
  return { backend, search };
}

describe("who takes part only inside of others' calls", () => {
  it("is found by running blocks again", async () => {
    const { backend, search } = start();
    backend.traceAnswer = ok({ ...call, calls: [{ ...call, calls: [{ ...call, to: INSIDE }] }] });
    const { txs, lastPage } = await search();
    expect(txs.map(({ hash }) => hash)).toEqual(
      expect.arrayContaining([feeMarket.hash, accessList.hash, creation.hash]),
    );
    expect(lastPage).toBe(true);
    backend.traceAnswer = ok({ ...call, calls: [{ ...call, from: INSIDE }] });
    expect((await search()).txs).toHaveLength(txs.length);
    backend.traceAnswer = ok(call);
    expect(await search()).toMatchObject({ txs: [], firstPage: true, lastPage: true });
  });

  it("is not found where a block cannot be run again, and nothing else is lost", async () => {
    const { backend, search } = start();
    for (const code of ["TRACE_STATE_MISSING", "TRACE_LIMIT", "TRACE_UNAVAILABLE"] as const) {
      backend.traceAnswer = fail(code, "no");
      expect(await search()).toMatchObject({ txs: [], lastPage: true });
    }
  });

  it("is looked for while the gas of a search lasts", async () => {
    const { backend, search } = start();
    backend.traceAnswer = ok(call);
    await search();
    const usual = backend.traced.length;
    expect(usual).toBeGreaterThan(1);
    const tracedWith = async (gasUsed: (index: number) => bigint): Promise<number> => {
      const records = backend.records.map((record, index) => {
        const header = { ...record.block.header, gasUsed: gasUsed(index) };
        return { ...record, block: { ...record.block, header } };
      });
      backend.records.splice(0, records.length, ...records);
      backend.traced.length = 0;
      await search();
      return backend.traced.length;
    };
    expect(await tracedWith((index) => (index === 2 ? 60_000_001n : 1n))).toBe(usual - 1);
    expect(await tracedWith(() => 40_000_000n)).toBe(1);
  });
});
