import { describe, expect, it } from "@jest/globals";
import { parseRoute, routeTo, VIEWS } from "../../src/route/route.ts";
import { findRoute, readQuery } from "../../src/route/search.ts";

const HASH = `0x${"ab".repeat(32)}`;
const ADDRESS = `0x${"cd".repeat(20)}`;

describe("routes", () => {
  it.each(VIEWS)("lead to %p and back", (view) => {
    expect(parseRoute(routeTo(view)).view).toBe(view);
    if (view !== "overview") expect(parseRoute(routeTo(view, "a/b c%"))).toEqual({ view, subject: "a/b c%" });
  });

  it("of anything else are the overview", () => {
    for (const hash of ["", "#", "#/", "#/nowhere", "#/constructor", "#content"])
      expect(parseRoute(hash)).toEqual({ view: "overview", subject: "" });
    expect(parseRoute("#/block/%E0%A4%A").subject).toBe("%E0%A4%A");
    expect(parseRoute(`#/block/${"9".repeat(1_000)}`).subject).toHaveLength(200);
  });
});

describe("search", () => {
  it.each([
    ["12", { kind: "number", number: 12 }],
    ["#1,234", { kind: "number", number: 1_234 }],
    ["0x1f", { kind: "number", number: 31 }],
    ["block 9", { kind: "number", number: 9 }],
    ["snail 7", { kind: "snail", number: 7 }],
    ["Epoch #2", { kind: "epoch", number: 2 }],
    [HASH.toUpperCase().replace("0X", "0x"), { kind: "hash", hash: HASH }],
    [HASH.slice(2), { kind: "hash", hash: HASH }],
    [` ${ADDRESS} `, { kind: "address", address: ADDRESS }],
    ["", { kind: "unknown" }],
    ["hello", { kind: "unknown" }],
    ["0xzz", { kind: "unknown" }],
    ["9".repeat(18), { kind: "unknown" }],
  ])("takes %p for %p", (text, query) => expect(readQuery(text)).toEqual(query));

  it("asks the node what a hash is", async () => {
    const known = (method: string) => async (asked: string) => (asked === method ? { hash: HASH } : null);
    const call = (method: string) => known(method) as Parameters<typeof findRoute>[1];
    expect(await findRoute(HASH, call("eth_getTransactionByHash"))).toEqual({ view: "tx", subject: HASH });
    expect(await findRoute(HASH, call("eth_getBlockByHash"))).toEqual({ view: "block", subject: HASH });
    expect(await findRoute(HASH, call("snail_getBlockByHash"))).toEqual({ view: "snail", subject: HASH });
    expect(await findRoute(HASH, call("fruit_getByHash"))).toEqual({ view: "fruit", subject: HASH });
    expect(await findRoute(HASH, call("none"))).toBeNull();
    expect(await findRoute("nonsense", call("none"))).toBeNull();
    expect(await findRoute("snail 7", call("none"))).toEqual({ view: "snail", subject: "7" });
  });
});
