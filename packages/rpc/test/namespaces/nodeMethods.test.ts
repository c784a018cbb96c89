import { signTransaction } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { ACCOUNTS, fields, SECRET_KEYS } from "../../testing/fakeChain.ts";
import { createMethods } from "./methodFixture.ts";

const [ALICE, BOB] = ACCOUNTS;

describe("the node about itself", () => {
  it("answers net, web3 and mining questions", async () => {
    const { call } = createMethods();
    expect(await call("net_version")).toBe("1337");
    expect(await call("net_listening")).toBe(true);
    expect(await call("net_peerCount")).toBe("0x3");
    expect(await call("net_peers")).toMatchObject({ inbound: 1, book: { members: 2 }, peers: [{ isSeated: true }] });
    expect(await call("web3_clientVersion")).toBe("festina/0.1.0/test");
    expect(await call("eth_mining")).toBe(true);
    expect(await call("eth_hashrate")).toBe("0xc");
    expect(await call("eth_syncing")).toBe(false);
    expect(await call("eth_accounts")).toEqual(ACCOUNTS);
    expect(await call("web3_sha3", "0x")).toBe("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    await expect(call("web3_sha3", "abc")).rejects.toMatchObject({ code: -32602 });
  });

  it("tells its rules and what it keeps", async () => {
    const { call } = createMethods();
    expect(await call("eth_config")).toEqual({
      current: {
        activationTime: 5,
        blobSchedule: { baseFeeUpdateFraction: 0, max: 0, target: 0 },
        chainId: "0x539",
        forkId: "0x01020304",
        precompiles: { ID: `0x${"04".repeat(20)}` },
        systemContracts: {},
      },
      next: null,
      last: null,
    });
    const whole = { disabled: false, oldestBlock: "0x0" };
    expect(await call("eth_capabilities")).toMatchObject({ head: { number: "0x4" }, state: whole, stateproofs: whole });
    expect(await call("debug_getBadBlocks")).toEqual([]);
  });

  it("names a module for every method", async () => {
    const { call, methods } = createMethods();
    const modules = Object.keys((await call("rpc_modules")) as object);
    const prefixes = new Set([...methods.keys()].map((name) => name.split(/[._]/)[0] as string));
    expect(modules.sort()).toEqual([...prefixes].sort());
  });

  it("sorts its pool into what can run and what waits behind a gap", async () => {
    const { backend, call } = createMethods();
    const nonces = [7n, 5n, 9n, 6n];
    const [alice, bob] = SECRET_KEYS as [Uint8Array, Uint8Array];
    backend.pooled = nonces.map((nonce) => signTransaction(fields({ nonce }), alice));
    backend.pooled.push(signTransaction(fields({ nonce: 1n, to: null }), bob));
    expect(await call("txpool_status")).toEqual({ pending: "0x3", queued: "0x2" });
    const content = (await call("txpool_content")) as Record<string, Record<string, Record<string, object>>>;
    expect(Object.keys(content["pending"]?.[ALICE] ?? {})).toEqual(["5", "6", "7"]);
    expect(Object.keys(content["queued"]?.[ALICE] ?? {})).toEqual(["9"]);
    expect(content["queued"]?.[BOB]?.["1"]).toMatchObject({ from: BOB, nonce: "0x1", blockHash: null });
    expect(await call("txpool_contentFrom", BOB)).toEqual({ pending: {}, queued: content["queued"]?.[BOB] });
    expect(await call("txpool_contentFrom", `0x${"99".repeat(20)}`)).toEqual({ pending: {}, queued: {} });
    expect(await call("txpool_inspect")).toMatchObject({
      pending: { [ALICE]: { "5": `${BOB}: 5 wei + 90000 gas x 3000000000 wei` } },
      queued: { [BOB]: { "1": "contract creation: 5 wei + 90000 gas x 3000000000 wei" } },
    });
  });
});
