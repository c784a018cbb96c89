import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { alice, bob, type RunningDev, startDev, startFork } from "./devFixture.ts";
import { type Block, blockOf, PAID, read, STORE, startForkedRemote, word, write } from "./forkFixture.ts";

let remote: RunningDev;
let fork: RunningDev;
let border: number;

beforeAll(async () => {
  ({ remote, border } = await startForkedRemote());
});
afterAll(() => remote.stop());

beforeEach(async () => {
  fork = await startFork({ url: remote.client.url, blockNumber: border });
});
afterEach(() => fork.stop());

describe("a fork", () => {
  test("begins anew at another block, as a chain of its own, and as a fork again", async () => {
    const { url } = remote.client;
    const instance = async () => (await fork.call<{ instanceId: string }>("anvil_metadata")).instanceId;
    const before = await instance();
    await write(fork, 1, 4);
    await fork.call("hardhat_setCoinbase", bob);
    const filter = await fork.call("eth_newBlockFilter");
    await fork.call("anvil_reset", { forking: { blockNumber: border - 1 } });
    expect(Number(await fork.call("eth_blockNumber"))).toBe(border - 1);
    expect(await fork.call("eth_getTransactionCount", alice, "latest")).toBe("0x1");
    expect(await instance()).not.toBe(before);
    expect(await read(fork, 1)).toBe(`0x${word(11)}`);
    expect(await fork.call("eth_getFilterChanges", filter)).toEqual([]);
    await write(fork, 1, 4);
    expect(await fork.call("eth_getFilterChanges", filter)).toEqual([(await blockOf(fork, border)).hash]);
    const metadata = await fork.call<Record<string, unknown>>("hardhat_metadata");
    const { hash } = await blockOf(remote, border - 1);
    expect(metadata["forkedNetwork"]).toEqual({ chainId: 31_337, forkBlockNumber: border - 1, forkBlockHash: hash });

    const unreachable = fork.call("anvil_reset", { forking: { jsonRpcUrl: "http://127.0.0.1:1" } });
    await expect(unreachable).rejects.toMatchObject({ data: { code: "FORK_UNREACHABLE" } });
    const unknown = fork.call("anvil_reset", { forking: { jsonRpcUrl: url, blockNumber: 10_000 } });
    await expect(unknown).rejects.toMatchObject({ data: { code: "FORK_BLOCK_UNKNOWN" } });
    expect(await read(fork, 1)).toBe(`0x${word(4)}`);

    await fork.call("hardhat_reset");
    expect(await fork.call("eth_blockNumber")).toBe("0x0");
    expect(await fork.call("eth_getCode", STORE, "latest")).toBe("0x");
    const { forkConfig } = await fork.call<{ forkConfig: object }>("anvil_nodeInfo");
    expect(forkConfig).toEqual({ forkUrl: null, forkBlockNumber: null, forkRetryBackoff: null });
    await write(fork, 1, 4);

    await fork.call("hardhat_reset", { forking: { jsonRpcUrl: url, blockNumber: border } });
    expect(await read(fork, 1)).toBe(`0x${word(11)}`);
    await write(fork, 1, 8);
    expect(Number((await fork.call<Block>("eth_getBlockByNumber", "latest", false)).number)).toBe(border + 1);
  });

  test("saves what was written here, for a fork of the same block", async () => {
    await write(fork, 1, 0);
    const state = await fork.call("anvil_dumpState");
    const [same, other, unforked] = [
      await startFork({ url: remote.client.url, blockNumber: border }),
      await startFork({ url: remote.client.url, blockNumber: border - 1 }),
      await startDev(),
    ];
    try {
      await same.call("anvil_loadState", state);
      expect([await read(same, 1), await read(same, 2)]).toEqual([`0x${word(0)}`, `0x${word(22)}`]);
      expect(Number(await same.call("eth_blockNumber"))).toBe(border + 1);
      for (const dev of [other, unforked])
        await expect(dev.call("anvil_loadState", state)).rejects.toThrow(`--fork-block-number ${border}`);
      await same.call("anvil_loadState", await unforked.call("anvil_dumpState"));
      expect(await same.call("eth_blockNumber")).toBe("0x0");
      expect(await same.call("eth_getCode", STORE, "latest")).toBe("0x");
    } finally {
      for (const dev of [same, other, unforked]) await dev.stop();
    }
  });

  test("answers nonsense by words about it, never by an error of its own", async () => {
    const METHODS = [
      ...[
        "eth_getBalance",
        "eth_getStorageAt",
        "eth_call",
        "eth_getProof",
        "eth_getBlockByNumber",
        "eth_getBlockByHash",
      ],
      ...["eth_getBlockReceipts", "eth_getTransactionByHash", "eth_getTransactionReceipt", "debug_traceTransaction"],
      ...["eth_getLogs", "eth_newFilter", "eth_getFilterLogs", "eth_uninstallFilter", "eth_feeHistory", "trace_filter"],
      ...["debug_traceCall", "eth_simulateV1", "trace_block", "eth_getUncleCountByBlockHash"],
    ];
    const far = `0x${"f".repeat(40)}`;
    const GARBAGE: readonly (readonly unknown[])[] = [
      ...[
        [],
        ["zz"],
        [null],
        [{}, {}, {}],
        [[]],
        [-1, 1.5],
        ["0x", "0x", "0x"],
        [`0x${"0".repeat(64)}`, "0x0"],
        [far, far],
      ],
      ...[
        [PAID, { blockHash: "0x12" }],
        [PAID, { blockNumber: {} }],
        [PAID, "0x1", { blockNumber: far }],
      ],
      ...[[{ fromBlock: far, toBlock: "0x0" }], [{ fromBlock: "0x0", blockHash: 7 }], [{ fromBlock: {}, toBlock: [] }]],
      ...[
        ["0x5", far, [7, "x"]],
        ["0x5", "0x0", {}],
        [true, "earliest"],
      ],
    ];
    for (const method of METHODS)
      for (const params of GARBAGE) {
        const code = await fork.call<unknown>(method, ...params).then(
          () => null,
          (error: unknown) => (error as { readonly code?: unknown }).code,
        );
        // -32603 is an internal error.
        expect([method, params, code]).not.toEqual([method, params, -32_603]);
      }
    await write(fork, 1, 3);
    expect(await read(fork, 1)).toBe(`0x${word(3)}`);
  });
});
