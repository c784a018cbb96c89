import { createAccountSigner, recoverPublicKey } from "@festina/crypto";
import { hexToBytes, type Address as OurAddress } from "@festina/primitives";
import { decodeTransaction, recoverTransaction, signTransactionAs, TRANSACTION_TYPE } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { createClient, custom, type Hex, parseEther } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  festinaActions,
  type SponsoredTransaction,
  serializeSponsoredTransaction,
  sponsoredPayerHash,
  sponsoredSenderHash,
} from "../src/index.ts";

const SENDER_KEY: Hex = `0x${"11".repeat(32)}`;
const PAYER_KEY: Hex = `0x${"22".repeat(32)}`;
const sender = privateKeyToAccount(SENDER_KEY);
const payer = privateKeyToAccount(PAYER_KEY);
const TO = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

const TRANSACTION: SponsoredTransaction = {
  chainId: 31_337,
  nonce: 0,
  maxFeePerGas: 3_000_000_000n,
  maxPriorityFeePerGas: 0n,
  gas: 50_000n,
  to: TO,
  value: parseEther("1.5"),
  data: "0x1234",
  accessList: [{ address: TO, storageKeys: [`0x${"07".repeat(32)}`] }],
  fee: 7n,
  payer: payer.address,
  validUntil: 1_900_000_000n,
};

async function serialize(transaction: SponsoredTransaction): Promise<Hex> {
  const signature = await sender.sign({ hash: sponsoredSenderHash(transaction) });
  const signatures = {
    sender: signature,
    payer: await payer.sign({ hash: sponsoredPayerHash(transaction, signature) }),
  };
  return serializeSponsoredTransaction(transaction, signatures);
}

/** The same by the node's own code. */
function byNode(transaction: SponsoredTransaction): Hex {
  const { chainId, nonce, accessList = [], to } = transaction;
  const fields = {
    type: TRANSACTION_TYPE.sponsored,
    chainId: BigInt(chainId),
    nonce: BigInt(nonce),
    maxFeePerGasWei: transaction.maxFeePerGas,
    maxPriorityFeePerGasWei: transaction.maxPriorityFeePerGas,
    gasLimit: transaction.gas,
    to: to === null ? null : (to.toLowerCase() as OurAddress),
    valueWei: transaction.value,
    data: hexToBytes(transaction.data),
    accessList: accessList as never,
    authorizations: [],
    sponsorship: {
      feeWei: transaction.fee,
      payer: transaction.payer.toLowerCase() as OurAddress,
      validUntilSeconds: transaction.validUntil,
    },
  };
  const keys = [SENDER_KEY, PAYER_KEY].map((key) => createAccountSigner(hexToBytes(key)));
  const { encoded } = signTransactionAs(fields, keys[0]!, keys[1]!);
  return `0x${Buffer.from(encoded).toString("hex")}`;
}

describe("a sponsored transaction", () => {
  it.each([
    ["a call", TRANSACTION],
    ["a creation without access list", { ...TRANSACTION, to: null, accessList: [], nonce: 300, fee: 0n }],
  ])("is written and signed as nodes do: %s", async (_, transaction) => {
    const serialized = await serialize(transaction);
    expect(serialized).toBe(byNode(transaction));
    const decoded = decodeTransaction(hexToBytes(serialized));
    if (!decoded.ok) throw new Error(decoded.error.message);
    expect(recoverTransaction(decoded.value, recoverPublicKey)).toMatchObject({
      ok: true,
      value: { sender: sender.address.toLowerCase() },
    });
  });

  it("refuses signatures of other forms", () => {
    const good: Hex = `0x${"01".repeat(64)}1b`;
    for (const bad of ["0x", `0x${"01".repeat(64)}`, `0x${"01".repeat(64)}1d`, `0x${"01".repeat(65)}00`] as Hex[]) {
      const signatures = { sender: good, payer: bad };
      expect(() => serializeSponsoredTransaction(TRANSACTION, signatures)).toThrow("a signature is 65 bytes");
    }
  });

  it("is prepared by what the node tells, signed by both, and sent", async () => {
    const sent: Hex[] = [];
    const answers: Record<string, unknown> = {
      eth_chainId: "0x7a69",
      eth_getTransactionCount: "0x5",
      eth_estimateGas: "0x5208",
      eth_getBlockByNumber: { baseFeePerGas: "0x64", timestamp: "0x3e8", transactions: [], number: "0x1" },
    };
    const request = async ({ method, params }: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
      if (method !== "eth_sendRawTransaction") return answers[method];
      sent.push(params?.[0] as Hex);
      return `0x${"ab".repeat(32)}`;
    };
    const client = createClient({ transport: custom({ request }, { retryCount: 0 }) }).extend(festinaActions);
    expect(await client.sendSponsoredTransaction({ account: sender, payer, to: TO, value: 1n })).toMatch(/^0xabab/);
    expect(sent).toEqual([
      await serialize({
        ...{ chainId: 31_337, nonce: 5, gas: 21_000n, to: TO, value: 1n, data: "0x", fee: 0n, payer: payer.address },
        ...{ maxPriorityFeePerGas: 1_000_000_000n, maxFeePerGas: 1_000_000_200n, validUntil: 1_600n },
      }),
    ]);
    const cheap = { from: sender.address, payer: payer.address, to: TO, maxFeePerGas: 5n } as const;
    expect(await client.prepareSponsoredTransaction(cheap)).toMatchObject({
      maxFeePerGas: 5n,
      maxPriorityFeePerGas: 5n,
    });
    const { sign: _, ...mute } = sender;
    await expect(client.sendSponsoredTransaction({ account: mute as never, payer, to: TO })).rejects.toThrow(
      "cannot sign a hash",
    );
  });
});
