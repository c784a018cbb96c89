import { randomBytes } from "node:crypto";
import type { RpcAnswerError, RpcClient } from "@festina/rpc";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Wallet } from "ethers";
import { type DevnetAccount, type DevnetProcess, startDevnet } from "./devnetProcess.ts";
import { waitForReceipt } from "./receipts.ts";
import { GWEI, type SponsoredOptions, sendSigned, signSponsored } from "./sponsoredTransaction.ts";

// Type 0x54 on a running network: the payer buys the gas, the sender pays value and fee, and each way of cheating is
// refused with its code.

const VALUE_WEI = 3n * 10n ** 17n;
const FEE_WEI = 5n * GWEI;

describe("sponsored transactions", () => {
  let devnet: DevnetProcess;
  let rpc: RpcClient;
  let sender: DevnetAccount;
  let payer: DevnetAccount;
  const to = `0x${randomBytes(20).toString("hex")}`;

  const balance = async (address: string, block = "latest"): Promise<bigint> =>
    BigInt(await rpc.call<string>("eth_getBalance", [address, block]));

  function emptyAccount(): DevnetAccount {
    const { address, privateKey } = Wallet.createRandom();
    return { address: address.toLowerCase(), secretKey: privateKey };
  }

  async function send(change: Partial<SponsoredOptions>): Promise<string> {
    const options = { sender, payer, to, valueWei: VALUE_WEI, feeWei: FEE_WEI, ...change };
    return sendSigned(rpc, await signSponsored(rpc, options));
  }

  async function expectRefusal(change: Partial<SponsoredOptions>, code: string): Promise<void> {
    const from = (change.sender ?? sender).address;
    const nonce = await rpc.call("eth_getTransactionCount", [from, "pending"]);
    const error = await send(change).then(
      () => null,
      (refused: RpcAnswerError) => refused,
    );
    expect({ code: error?.code, data: error?.data }).toMatchObject({ code: -32000, data: { code } });
    expect(await rpc.call("eth_getTransactionCount", [from, "pending"])).toBe(nonce);
  }

  beforeAll(async () => {
    devnet = await startDevnet({ miners: 0 });
    rpc = devnet.rpc();
    sender = devnet.accounts[0]!;
    payer = devnet.accounts[1]!;
    await devnet.waitForBlock(1);
  }, 120_000);

  afterAll(async () => {
    expect(await devnet.stop()).toEqual({ exitCode: 0, leftOver: [] });
  }, 60_000);

  it("takes gas from the payer, value and fee from the sender", async () => {
    const hash = await send({});
    const receipt = await waitForReceipt(rpc, hash);
    const before = `0x${(Number(receipt.blockNumber) - 1).toString(16)}`;
    const change = async (address: string): Promise<bigint> =>
      (await balance(address, receipt.blockNumber)) - (await balance(address, before));

    expect(receipt).toMatchObject({ type: "0x54", status: "0x1", gasUsed: "0x5208", payer: payer.address });
    const gasWei = BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice);
    expect(gasWei).toBeGreaterThan(0n);
    expect(await change(payer.address)).toBe(-gasWei);
    expect(await change(sender.address)).toBe(-(VALUE_WEI + FEE_WEI));
    expect(await change(to)).toBe(VALUE_WEI);
    const transaction = await rpc.call<Record<string, unknown>>("eth_getTransactionByHash", [hash]);
    expect(transaction).toMatchObject({
      type: "0x54",
      from: sender.address,
      payer: payer.address,
      fee: `0x${FEE_WEI.toString(16)}`,
      validUntil: expect.stringMatching(/^0x[1-9a-f]/),
      r: expect.stringMatching(/^0x/),
      s: expect.stringMatching(/^0x/),
      yParity: expect.stringMatching(/^0x[01]$/),
    });
  }, 30_000);

  it("is known to every member", async () => {
    const hash = await send({});
    for (const name of devnet.urls.keys()) {
      expect(await waitForReceipt(devnet.rpc(name), hash)).toMatchObject({ type: "0x54", status: "0x1" });
    }
  }, 30_000);

  it("lets a sender without any gas money pay with all it has", async () => {
    const poor = emptyAccount();
    await waitForReceipt(rpc, await send({ to: poor.address, valueWei: VALUE_WEI, feeWei: 0n }));
    const sent = await send({ sender: poor, valueWei: VALUE_WEI - FEE_WEI, feeWei: FEE_WEI });
    expect(await waitForReceipt(rpc, sent)).toMatchObject({ status: "0x1" });
    expect(await balance(poor.address)).toBe(0n);
  }, 30_000);

  it("refuses a signature that is not the payer's", async () => {
    await expectRefusal({ signedBy: devnet.accounts[2]! }, "TX_PAYER_SIGNATURE_INVALID");
  });

  it("refuses what has expired", async () => {
    const { timestamp } = await rpc.call<{ timestamp: string }>("eth_getBlockByNumber", ["latest", false]);
    await expectRefusal({ validUntilSeconds: BigInt(timestamp) - 1n }, "POOL_EXPIRED");
  });

  it("refuses a sender that lacks a single wei of value and fee", async () => {
    const poor = emptyAccount();
    await waitForReceipt(rpc, await send({ to: poor.address, valueWei: VALUE_WEI, feeWei: 0n }));
    await expectRefusal({ sender: poor, valueWei: VALUE_WEI, feeWei: 1n }, "POOL_INSUFFICIENT_BALANCE");
  }, 30_000);

  it("refuses a payer that cannot pay the gas", async () => {
    await expectRefusal({ payer: emptyAccount() }, "POOL_PAYER_INSUFFICIENT_BALANCE");
  });
});
