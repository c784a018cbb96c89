import { describe, expect, it } from "@jest/globals";
import { AbiCoder, Interface, zeroPadValue } from "ethers";
import type { CommitteeAnswer, LogAnswer } from "../../src/data/answers.ts";
import { countMiners } from "../../src/data/miners.ts";
import type { SnailRow } from "../../src/data/overview.ts";
import { recentTransactions } from "../../src/data/recentTransactions.ts";
import { type Call, failureText, RpcFailure } from "../../src/data/rpcCaller.ts";
import { findTokens, movedBy, readHolders, readToken, readTransfers, tokensTouched } from "../../src/data/tokens.ts";
import { missedBy, readVotes } from "../../src/data/votes.ts";
import { developmentSenders, injectedWallet, type WalletProvider, walletSenders } from "../../src/page/senders.ts";

const TOKEN = `0x${"70".repeat(20)}`;
const ALICE = `0x${"a1".repeat(20)}`;
const BOB = `0x${"b0".repeat(20)}`;
const HASH = `0x${"ab".repeat(32)}`;

/** A node that answers by method; what it does not know it refuses as nodes do. */
function node(answers: Record<string, (params: readonly unknown[]) => unknown>): Call {
  return async <T>(method: string, params: readonly unknown[] = []): Promise<T> => {
    const answer = answers[method];
    if (answer === undefined) throw new RpcFailure(-32601, `no ${method}`);
    return answer(params) as T;
  };
}

describe("tokens", () => {
  const token = new Interface([
    "function name() view returns (string)",
    "function symbol() view returns (string)",
    "function decimals() view returns (uint8)",
    "function totalSupply() view returns (uint256)",
    "function balanceOf(address) view returns (uint256)",
    "event Transfer(address indexed from,address indexed to,uint256 amount)",
  ]);
  const values: Record<string, unknown> = { name: "<b>Gold</b>", symbol: "GLD", decimals: 6, totalSupply: 1_000_000n };
  const { topics, data } = token.encodeEventLog("Transfer", [ALICE, BOB, 5n]);
  const log = { address: TOKEN, topics, data, blockNumber: "0x5", transactionHash: HASH, logIndex: "0x0" } as LogAnswer;
  const filters: unknown[] = [];
  const call = node({
    eth_blockNumber: () => "0x2710",
    eth_getLogs: ([filter]) => {
      filters.push(filter);
      return [log];
    },
    eth_call: ([request]) => {
      const { data: input } = request as { data: string };
      const parsed = token.parseTransaction({ data: input });
      const name = parsed?.name ?? "";
      if (name === "balanceOf")
        return AbiCoder.defaultAbiCoder().encode(["uint256"], [parsed?.args[0].toLowerCase() === BOB ? 9n : 3n]);
      return token.encodeFunctionResult(name, [values[name]]);
    },
  });

  it("are what they say, as text", async () => {
    expect(await readToken(call, TOKEN)).toEqual({
      ...{ address: TOKEN, kind: "amounts", name: "<b>Gold</b>", symbol: "GLD", decimals: 6, supply: 1_000_000n },
    });
    for (const output of ["0x", "0x01", "nonsense", `0x${"ff".repeat(64)}`])
      expect(await readToken(node({ eth_call: () => output }), TOKEN)).toBeNull();
    expect(await readToken(node({}), TOKEN)).toBeNull();
  });

  it("may be things with numbers, which their contract need not count", async () => {
    const things = new Interface([
      "function supportsInterface(bytes4) view returns (bool)",
      "function name() view returns (string)",
      "function symbol() view returns (string)",
      "event Transfer(address indexed from,address indexed to,uint256 indexed tokenId)",
    ]);
    const reader = node({
      eth_call: ([request]) => {
        const parsed = things.parseTransaction({ data: (request as { data: string }).data });
        if (parsed === null) throw new RpcFailure(3, "execution reverted");
        const isAsked = parsed.name === "supportsInterface";
        return things.encodeFunctionResult(parsed.name, [isAsked ? parsed.args[0] === "0x80ac58cd" : "ART"]);
      },
    });
    const art = await readToken(reader, TOKEN);
    expect(art).toEqual({
      ...{ address: TOKEN, kind: "things", name: "ART", symbol: "ART", decimals: 0, supply: null },
    });
    const moved = { ...log, ...things.encodeEventLog("Transfer", [ALICE, BOB, 77n]) } as LogAnswer;
    expect(movedBy(art!, moved)).toBe(77n);
    expect(movedBy(art!, log)).toBeNull();
    const gold = (await readToken(call, TOKEN))!;
    expect([movedBy(gold, log), movedBy(gold, moved), movedBy(gold, { ...log, data: "0x" })]).toEqual([5n, null, null]);
  });

  it("have the holders that took part in transfers of a bounded range", async () => {
    const transfers = await readTransfers(call, TOKEN);
    expect(filters.at(-1)).toMatchObject({ address: TOKEN, fromBlock: `0x${(10_000 - 2_000).toString(16)}` });
    expect(await readHolders(call, TOKEN, transfers)).toEqual([
      { holder: BOB, balance: 9n },
      { holder: ALICE, balance: 3n },
    ]);
    const odd = { ...log, topics: [topics[0] as string, `0x${"ff".repeat(32)}`, zeroPadValue("0x", 32)] };
    expect(await readHolders(call, TOKEN, [odd])).toEqual([]);
  });

  it("are found by the account that they moved from or to", async () => {
    const held = await tokensTouched(call, BOB);
    expect(held.map(({ token: { symbol }, balance }) => [symbol, balance])).toEqual([["GLD", 9n]]);
  });

  it("are found by symbol or name, among those that moved and those that are known", async () => {
    const addresses = async (text: string, known: readonly string[] = []) =>
      (await findTokens(call, text, known)).map(({ address }) => address);
    expect(await addresses("gld")).toEqual([TOKEN]);
    expect(await addresses("<B>gold</b> ")).toEqual([TOKEN]);
    expect(await addresses("gld", [ALICE, TOKEN])).toEqual([ALICE, TOKEN]);
    expect(await addresses("silver")).toEqual([]);
    expect(await findTokens(node({ eth_blockNumber: () => "0x1", eth_getLogs: () => [] }), "gld", [TOKEN])).toEqual([]);
  });
});

describe("recent transactions", () => {
  const transaction = { hash: HASH, from: ALICE, to: BOB };

  it("come from the node's index where there is one", async () => {
    const call = node({ ots_searchTransactionsBefore: () => ({ txs: [transaction] }) });
    expect(await recentTransactions(call, ALICE)).toEqual({
      ...{ transactions: [transaction], failed: new Set(), since: 0, olderThan: null },
    });
  });

  it("come page by page, with those that failed", async () => {
    const asked: unknown[] = [];
    const call = node({
      ots_searchTransactionsBefore: (params) => {
        asked.push(params);
        return {
          txs: [{ ...transaction, blockNumber: "0x9" }],
          receipts: [{ transactionHash: HASH, status: "0x0" }],
          lastPage: asked.length === 2,
        };
      },
    });
    const first = await recentTransactions(call, ALICE);
    expect([first.olderThan, first.failed.has(HASH)]).toEqual([9, true]);
    expect((await recentTransactions(call, ALICE, 9)).olderThan).toBeNull();
    expect(asked).toEqual([
      [ALICE, 0, 25],
      [ALICE, 9, 25],
    ]);
  });

  it("else from its newest blocks, no more than two hundred", async () => {
    let asked = 0;
    const call = node({
      eth_blockNumber: () => "0x3e8",
      eth_getBlockByNumber: ([number]) => {
        asked++;
        return { transactions: number === "0x3e7" ? [transaction, { hash: "0x2", from: BOB, to: null }] : [] };
      },
    });
    expect(await recentTransactions(call, ALICE)).toEqual({
      ...{ transactions: [transaction], failed: new Set(), since: 801, olderThan: 801 },
    });
    expect(asked).toBe(200);
    expect(await recentTransactions(call, ALICE, 101)).toMatchObject({ transactions: [], since: 0, olderThan: null });
    expect(asked).toBe(301);
  });

  it("fail when the node does", async () => {
    const call: Call = async () => {
      throw new RpcFailure(0, "away");
    };
    await expect(recentTransactions(call, ALICE)).rejects.toThrow("away");
  });
});

describe("votes", () => {
  it("are read from own certificates of the committee's blocks", async () => {
    const committee = { epoch: "0x1", firstBlock: "0x5", lastBlock: null, members: [] } as unknown as CommitteeAnswer;
    const call = node({
      committee_getCertificate: ([block]) => {
        const number = Number(block);
        if (number === 8) return null;
        // Block 6 is finalised by the certificate of block 7.
        return {
          epoch: "0x1",
          view: "0x9",
          blockNumber: `0x${number === 6 ? 7 : number}`,
          signers: number === 7 ? [0] : [0, 1],
        };
      },
    });
    const rows = await readVotes(call, committee, 9);
    expect(rows.map(({ number }) => number)).toEqual([9, 7, 5]);
    expect([missedBy(rows, 0), missedBy(rows, 1)]).toEqual([0, 1]);
    expect((await readVotes(call, committee, 100_000)).length).toBeLessThanOrEqual(40);
    expect(await readVotes(call, committee, 3)).toEqual([]);
  });
});

describe("miners", () => {
  it("are counted by fruits, then blocks", () => {
    const row = (number: number, payout: string, fruits: readonly string[]): SnailRow =>
      ({ number, payout, fruits: fruits.map((each) => ({ payout: each })) }) as unknown as SnailRow;
    expect(countMiners([row(0, "0x0", []), row(1, ALICE, [BOB, BOB]), row(2, ALICE, [ALICE])])).toEqual([
      { address: BOB, fruits: 2, blocks: 0 },
      { address: ALICE, fruits: 1, blocks: 2 },
    ]);
  });
});

/** As wallets refuse: an error with a code. */
const refusal = (code: number, message: string): Error => Object.assign(new Error(message), { code });

describe("senders", () => {
  it("say what went wrong, also where it is no error", () => {
    expect(failureText({ code: 4001, message: "no" })).toBe("no (4001)");
    expect(failureText(new RpcFailure(0, "away"))).toBe("away");
    expect(failureText("odd")).toBe("odd");
    expect(failureText(null)).toBe("null");
  });

  it("are the node's own accounts on a development chain", async () => {
    const sent: unknown[] = [];
    const call = node({
      eth_accounts: () => [ALICE, "nonsense", 7],
      eth_sendTransaction: ([request]) => {
        sent.push(request);
        return HASH;
      },
    });
    const [sender, ...others] = await developmentSenders(call);
    expect([sender?.address, others]).toEqual([ALICE, []]);
    expect(await sender?.send({ to: BOB, data: "0x", value: "0x0" })).toBe(HASH);
    expect(sent).toEqual([{ from: ALICE, to: BOB, data: "0x", value: "0x0" }]);
    expect(await developmentSenders(node({}))).toEqual([]);
  });

  it("are a wallet's accounts, on the same chain only", async () => {
    const asked: string[] = [];
    const ethereum = {
      request: async ({ method }: { readonly method: string }) => {
        asked.push(method);
        if (method === "wallet_switchEthereumChain") throw refusal(4001, "User rejected the request.");
        return { eth_requestAccounts: [BOB], eth_chainId: "0x7", eth_sendTransaction: "no hash" }[method];
      },
    };
    const wallet = injectedWallet({ ethereum });
    expect(injectedWallet({})).toBeNull();
    expect(injectedWallet({ ethereum: { request: 7 } })).toBeNull();
    if (wallet === null) throw new Error("there is a wallet");
    const rpcUrl = "http://127.0.0.1:8545";
    const refused = await walletSenders(wallet, { chainId: "8", rpcUrl }).catch(failureText);
    expect(refused).toBe("User rejected the request. (4001)");
    const [sender] = await walletSenders(wallet, { chainId: "7", rpcUrl });
    expect(sender?.address).toBe(BOB);
    await expect(sender?.send({ data: "0x", value: "0x0" })).rejects.toThrow("no transaction hash");
    expect(asked).toContain("eth_sendTransaction");
  });

  it("are of a wallet that is told of the chain when it does not know it", async () => {
    const asked: unknown[] = [];
    let chain = "0x1";
    let isKnown = false;
    const wallet: WalletProvider = {
      request: async ({ method, params = [] }) => {
        if (method.startsWith("wallet_")) asked.push([method, params[0]]);
        if (method === "wallet_addEthereumChain") isKnown = true;
        if (method === "wallet_switchEthereumChain") {
          if (!isKnown) throw refusal(4902, "Unrecognized chain ID");
          chain = "0x7";
        }
        return { eth_requestAccounts: [BOB], eth_chainId: chain }[method];
      },
    };
    const senders = await walletSenders(wallet, { chainId: "7", rpcUrl: "http://127.0.0.1:8545" });
    expect(senders.map(({ address }) => address)).toEqual([BOB]);
    expect(asked).toEqual([
      ["wallet_switchEthereumChain", { chainId: "0x7" }],
      [
        "wallet_addEthereumChain",
        expect.objectContaining({
          ...{ chainId: "0x7", rpcUrls: ["http://127.0.0.1:8545"] },
          // As docs/integrate-a-dapp.md and @festina/client have it: wallets warn of a chain with two currencies.
          nativeCurrency: { name: "Festina", symbol: "FST", decimals: 18 },
        }),
      ],
      ["wallet_switchEthereumChain", { chainId: "0x7" }],
    ]);
  });
});
