import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { AbiCoder, keccak256 } from "ethers";
import { proveDoubleVote } from "./accuseMember.ts";
import { type DevnetProcess, startDevnet } from "./devnetProcess.ts";
import { type Lie, startLyingNode } from "./lyingNode.ts";
import { makeMixedTraffic, type TrafficTrace } from "./mixedTraffic.ts";
import { runScript, type ScriptRun } from "./runScript.ts";
import { waitFor } from "./waitFor.ts";

// What the node serves, recomputed by code that is not the project's: hashes and roots, proofs, supply. Each check is
// also told lies, and must notice.

const BLOCKS = 60;
const ALL = ["--blocks", "100000"];
const REGISTRY = "0x000000000000000000000000000000000000f001";

/** Changes the answers of one method only. */
function lieAbout(method: string, change: Lie): Lie {
  return (asked, result) => (asked === method ? change(asked, result) : result);
}

describe("outside checks", () => {
  let devnet: DevnetProcess;
  let traffic: TrafficTrace;
  let head = 0;

  beforeAll(async () => {
    devnet = await startDevnet();
    traffic = await makeMixedTraffic(devnet, BLOCKS);
    head = await devnet.head();
  }, 180_000);

  afterAll(async () => {
    expect(await devnet.stop()).toEqual({ exitCode: 0, leftOver: [] });
  }, 60_000);

  async function runAgainst(lie: Lie, script: string, args: readonly string[]): Promise<ScriptRun> {
    const node = await startLyingNode(devnet.url(), lie);
    try {
      return await runScript(script, ["--rpc", node.url, ...args]);
    } finally {
      node.close();
    }
  }

  describe("hashes and roots", () => {
    it("follow from the JSON answers, for every block and every transaction type", async () => {
      const run = await runScript("verifyBlocks.mjs", ["--rpc", devnet.url("member-3"), ...ALL]);
      expect(run).toMatchObject({ exitCode: 0, errors: "" });
      expect(Number(/^(\d+) blocks \(0\.\./.exec(run.output)?.[1])).toBeGreaterThan(BLOCKS);
      for (const type of ["0x0", "0x1", "0x2", "0x4", "0x54"]) expect(run.output).toContain(` of type ${type}`);
    }, 60_000);

    const lies: readonly [string, Lie][] = [
      ["hash is", lieAbout("eth_getBlockByNumber", (_, block) => ({ ...block, timestamp: "0x1" }))],
      ["does not follow", lieAbout("eth_getBlockByNumber", (_, block) => ({ ...block, parentHash: block.stateRoot }))],
      [
        "transactionsRoot is",
        lieAbout("eth_getBlockByNumber", (_, block) => ({
          ...block,
          transactions: block.transactions.map((transaction: object) => ({ ...transaction, value: "0x99" })),
        })),
      ],
      ["transactionsRoot is", lieAbout("debug_getRawTransaction", (_, bytes) => `${bytes.slice(0, -2)}02`)],
      [
        "receiptsRoot is",
        lieAbout("eth_getBlockReceipts", (_, receipts) =>
          receipts.map((receipt: { logs: object[] }) => ({
            ...receipt,
            logs: receipt.logs.map((log) => ({ ...log, data: "0x" })),
          })),
        ),
      ],
      ["gasUsed is", lieAbout("eth_getBlockReceipts", () => [])],
    ];
    it.each(lies)(
      "a lie is found: %s",
      async (finding, lie) => {
        const run = await runAgainst(lie, "verifyBlocks.mjs", ALL);
        expect(run.exitCode).toBe(1);
        expect(run.errors).toContain(finding);
      },
      60_000,
    );
  });

  describe("eth_getProof", () => {
    /** Where OpenZeppelin's ERC20 keeps a balance: the mapping is its first variable. */
    const balanceSlot = (address: string): string =>
      keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [address, 0n]));

    it("shows an account with storage: slots present and absent", async () => {
      const slots = ["--slot", balanceSlot(traffic.creator), "--slot", "0x2", "--slot", "0xdead"];
      const run = await runScript("verifyProof.mjs", ["--rpc", devnet.url(), "--account", traffic.token, ...slots]);
      expect(run).toMatchObject({ exitCode: 0, errors: "" });
      const [account, ...rest] = run.output.trim().split("\n");
      expect(account).toContain("present");
      expect(rest.map((line) => line.split(" ").slice(2).join(" "))).toEqual([
        "present: 0x3e3", // 1,000 less the 5 given away
        "present: 0x3e8",
        "absent",
      ]);
    });

    it.each([
      ["an account without code", "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "present"],
      ["an account that is not there", "0x00000000000000000000000000000000deadbeef", "absent"],
      ["a system contract", REGISTRY, "present"],
    ])("shows %s, at an older block", async (_, account, presence) => {
      const args = ["--rpc", devnet.url("member-2"), "--account", account, "--slot", "0x77", "--block", `${head - 3}`];
      const run = await runScript("verifyProof.mjs", args);
      expect(run).toMatchObject({ exitCode: 0, errors: "" });
      expect(run.output).toBe(`block ${head - 3}: account ${account} ${presence}\nslot 0x77 absent\n`);
    });

    const lies: readonly [string, Lie][] = [
      ["balance", lieAbout("eth_getProof", (_, proof) => ({ ...proof, balance: "0x1" }))],
      [
        "value",
        lieAbout("eth_getProof", (_, proof) => ({
          ...proof,
          storageProof: [{ ...proof.storageProof[0], value: "0x1" }],
        })),
      ],
      ["proof", lieAbout("eth_getProof", (_, proof) => ({ ...proof, accountProof: proof.accountProof.slice(0, -1) }))],
      ["root", lieAbout("eth_getBlockByNumber", (_, block) => ({ ...block, stateRoot: block.hash }))],
    ];
    it.each(lies)("a wrong %s is found", async (_, lie) => {
      const run = await runAgainst(lie, "verifyProof.mjs", ["--account", REGISTRY, "--slot", "0x2"]);
      expect(run.exitCode).toBe(1);
    });
  });

  describe("supply", () => {
    it("is what the balances add up to, rewards and burned fees included", async () => {
      await waitFor("rewards", 90_000, async () => {
        const supply = await devnet.rpc().call<{ rewards: string }>("festina_supply", ["latest"]);
        return supply.rewards === "0x0" ? null : supply;
      });
      const run = await runScript("supply.mjs", ["--rpc", devnet.url()]);
      expect(run).toMatchObject({ exitCode: 0, errors: "" });
      expect(run.output).toMatch(/rewards [1-9]\d* - base fees [1-9]\d* /);
      expect(run.output).toMatch(/in ([2-9]|\d\d) pages/);
    }, 120_000);

    it("is right at every older block, as another member tells it", async () => {
      for (let number = 0; number < head; number += 7) {
        const run = await runScript("supply.mjs", ["--rpc", devnet.url("member-4"), "--block", `${number}`]);
        expect([number, run]).toEqual([number, expect.objectContaining({ exitCode: 0, errors: "" })]);
      }
    }, 120_000);

    const lies: readonly [string, Lie][] = [
      ["balance", lieAbout("debug_accountRange", (_, page) => raiseFirstBalance(page))],
      ["total", lieAbout("festina_supply", (_, supply) => ({ ...supply, total: "0x1" }))],
      ["part", lieAbout("festina_supply", (_, supply) => ({ ...supply, baseFeeBurned: "0x0" }))],
      ["page", lieAbout("debug_accountRange", (_, page) => ({ ...page, next: null }))],
    ];
    it.each(lies)("a wrong %s is found", async (_, lie) => {
      expect((await runAgainst(lie, "supply.mjs", [])).exitCode).toBe(1);
    });

    it("is right when a member has lost its deposit for signing two blocks", async () => {
      const { address, evidence } = await proveDoubleVote(devnet, "member-4");
      await devnet.rpc("member-2").call("committee_submitEvidence", [evidence]);
      await waitFor("a slashed deposit", 30_000, async () => {
        const supply = await devnet.rpc().call<{ slashBurned: string }>("festina_supply", ["latest"]);
        return supply.slashBurned === "0x0" ? null : supply;
      });
      const run = await runScript("supply.mjs", ["--rpc", devnet.url()]);
      expect(run).toMatchObject({ exitCode: 0, errors: "" });
      expect(run.output).toMatch(/ - slashed [1-9]\d* /);
      const { members } = await devnet
        .rpc("member-3")
        .call<{ members: readonly { address: string; slashed: boolean }[] }>("committee_get", ["current"]);
      expect(members.filter(({ slashed }) => slashed).map((member) => member.address)).toEqual([address]);
      await waitFor("the line that says so", 5_000, async () => devnet.output.includes(`${address} broke`) || null);
    }, 60_000);
  });
});

interface AccountPage {
  readonly accounts: Readonly<Record<string, { readonly balance: string }>>;
}

function raiseFirstBalance(page: AccountPage): AccountPage {
  const [[name, account], ...rest] = Object.entries(page.accounts) as [[string, { balance: string }]];
  const raised = { ...account, balance: `${BigInt(account.balance) + 1n}` };
  return { ...page, accounts: Object.fromEntries([[name, raised], ...rest]) };
}
