import { festinaActions, festinaDevnet } from "@festina/client";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createPublicClient, http, parseEther, webSocket } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type DevnetProcess, startDevnet } from "./devnetProcess.ts";
import { waitFor } from "./waitFor.ts";

// What a TypeScript user has of this chain through viem, on a running network: real answers have the shapes that the types
// promise, for every question.

const ANCHOR_MS = 120_000;
const ELECTION_MS = 240_000;

describe("@festina/client", () => {
  let devnet: DevnetProcess;
  const key = (index: number) => privateKeyToAccount(devnet.accounts[index]!.secretKey as `0x${string}`);
  const connect = () =>
    createPublicClient({ chain: festinaDevnet, transport: http(devnet.url()), pollingInterval: 100 }).extend(
      festinaActions,
    );

  beforeAll(async () => {
    devnet = await startDevnet();
  }, 120_000);
  afterAll(async () => {
    expect(await devnet.stop()).toEqual({ exitCode: 0, leftOver: [] });
  }, 60_000);

  it(
    "sends a transaction whose gas another pays, and waits until it is anchored",
    async () => {
      const client = connect();
      const [account, payer] = [key(1), key(2)];
      const to = "0x00000000000000000000000000000000000fe571";
      const before = await client.getBalance({ address: account.address });
      const hash = await client.sendSponsoredTransaction({ account, payer, to, value: parseEther("1.5"), fee: 5n });
      const { status, blockNumber } = await client.waitForTransactionReceipt({ hash });
      expect(status).toBe("success");
      expect(before - (await client.getBalance({ address: account.address }))).toBe(parseEther("1.5") + 5n);
      expect(await client.getFinality({ blockNumber })).toMatchObject({ block: blockNumber });
      const anchor = await client.waitForAnchor({ hash, timeout: ANCHOR_MS });
      expect(anchor).toMatchObject({ block: blockNumber, grade: "anchored" });
      expect((await client.getAnchoredBlock()).number).toBeGreaterThanOrEqual(blockNumber);
      expect((await client.getSnailBlock({ blockHash: anchor.snailHash! }))?.number).toBe(anchor.snailNumber);
    },
    ANCHOR_MS,
  );

  it("hears of snail blocks over a WebSocket", async () => {
    const transport = webSocket(devnet.webSocketUrl(), { reconnect: false });
    const client = createPublicClient({ chain: festinaDevnet, transport }).extend(festinaActions);
    const heard: bigint[] = [];
    const end = client.watchSnailBlocks({ onSnailBlock: ({ number }) => heard.push(number) });
    await waitFor("a snail block", ANCHOR_MS, () => (heard.length > 0 ? true : null));
    end();
    (await client.transport.getRpcClient()).close();
  }, 120_000);

  it(
    "reads an elected committee, and everything else there is",
    async () => {
      const client = connect();
      const elected = await waitFor("an election", ELECTION_MS, () => client.getCommittee({ epoch: 1n }));
      expect(elected.members.reduce((sum, { seats }) => sum + seats, 0)).toBe(elected.totalSeats);
      const explained = await client.explainCommittee({ epoch: 1n, includeFruits: true });
      expect(explained?.draw?.candidates.length).toBeGreaterThan(0);
      expect(Array.isArray(explained?.draw?.fruits)).toBe(true);
      const handover = elected.firstBlock - 1n;
      expect((await client.getHybridRequests({ blockNumber: handover }))?.handover?.epoch).toBe(1n);
      expect((await client.getCertificate({ blockNumber: handover }))?.kind).toBe("committed");
      expect(await client.getElection()).toMatchObject({ phase: expect.any(String) });

      // Who sits was elected by fruits, so that some block has one; the first ones may not.
      let number = 1n;
      while ((await client.getSnailBlock({ blockNumber: number }))?.fruits.length === 0) number += 1n;
      const packed = await client.getSnailBlock({ blockNumber: number });
      expect(await client.getFruit({ hash: packed!.fruits[0]! })).toMatchObject({ packedIn: number });
      expect((await client.getSnailBlock({ includeFruits: true }))?.difficulty).toBeGreaterThan(0n);
      expect(Array.isArray(await client.getWaitingFruits())).toBe(true);
      const pay = (await client.getSnailBlockRewards({ blockNumber: 1n }))!.payments;
      const { address, paid } = await client.getSnailRewards({ address: pay[0]!.to, fromBlock: 1n, toBlock: 1n });
      expect([address, paid]).toEqual([pay[0]!.to, pay[0]!.amount]);
      expect((await client.getExpectedReward({ hashesPerSecond: 1_000n })).perHour).toBeGreaterThan(0n);

      const { total, genesis } = (await client.getSupply())!;
      expect(total).toBeGreaterThan(genesis);
      expect((await client.getNodeStatus()).role).toBe("member");
      expect((await client.getPeers()).peers.some(({ isSeated }) => isSeated)).toBe(true);
      expect((await client.getEngine()).name).toContain("interpreter");
      expect((await client.getInvitation()).peers.length).toBeGreaterThan(0);
      expect(await client.getEvidence()).toEqual([]);
    },
    ELECTION_MS,
  );
});
