// `--throw-on-transaction-failures`: suites for Hardhat's own node expect a send to fail with its transaction.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { alice, bob, type RunningDev, startDev } from "./devFixture.ts";

/** Error("no"), as Solidity encodes it. */
const NO = `08c379a0${"20".padStart(64, "0")}${"2".padStart(64, "0")}${Buffer.from("no").toString("hex").padEnd(64, "0")}`;
/** Init code that reverts with the 100 bytes behind it: PUSH1 100 PUSH1 12 PUSH0 CODECOPY PUSH1 100 PUSH0 REVERT. */
const REVERTS = `0x6064600b5f3960645ffd${"00"}${NO}`;
const REVERTS_SILENTLY = "0x5f5ffd";
const HALTS = "0xfe";
const GAS = "0x100000";

interface Receipt {
  readonly status: string;
  readonly blockNumber: string;
}

const refused = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(
    (hash) => ({ hash }),
    (error: unknown) => error,
  );

describe("a send whose transaction fails in its block", () => {
  let telling: RunningDev;
  let silent: RunningDev;
  beforeAll(async () => {
    [telling, silent] = await Promise.all([startDev({ tellsFailures: true }), startDev()]);
  });
  afterAll(() => Promise.all([telling.stop(), silent.stop()]));
  const send = ({ call }: RunningDev, data: string): Promise<string> =>
    call("eth_sendTransaction", { from: alice, gas: GAS, data });

  it.each([
    ["its reason", REVERTS, { code: 3, message: "execution reverted: no", data: `0x${NO}` }],
    ["nothing", REVERTS_SILENTLY, { code: 3, message: "execution reverted", data: "0x" }],
    [
      "why it halted",
      HALTS,
      { code: -32000, message: expect.stringContaining("invalid opcode"), data: { code: "TX_HALTED", data: "0x" } },
    ],
  ])("is answered with %s, and is in its block", async (_, data, error) => {
    const before = Number(await telling.call("eth_blockNumber"));
    expect(await refused(send(telling, data))).toMatchObject(error);
    const block = await telling.call<{ number: string; transactions: string[] }>(
      "eth_getBlockByNumber",
      "latest",
      false,
    );
    expect(Number(block.number)).toBe(before + 1);
    const receipt = await telling.call<Receipt>("eth_getTransactionReceipt", block.transactions[0]);
    expect(receipt).toMatchObject({ status: "0x0" });
  });

  it("has its hash in the answer where no revert data is", async () => {
    const error = (await refused(send(telling, HALTS))) as { data: { transactionHash: string } };
    const receipt = await telling.call<Receipt>("eth_getTransactionReceipt", error.data.transactionHash);
    expect(receipt).toMatchObject({ status: "0x0" });
  });

  it("is answered with its hash where it succeeds, and where nobody asked for failures", async () => {
    expect(await telling.call("eth_sendTransaction", { from: alice, to: bob, gas: "0x5208" })).toHaveLength(66);
    const hash = await send(silent, REVERTS);
    expect(await silent.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x0" });
  });

  it("is answered with its hash while blocks are made by request only", async () => {
    await telling.call("evm_setAutomine", false);
    const hash = await send(telling, REVERTS);
    await telling.call("evm_mine");
    expect(await telling.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x0" });
    await telling.call("evm_setAutomine", true);
  });
});
