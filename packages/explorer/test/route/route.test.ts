import { describe, expect, it } from "@jest/globals";
import { parseRoute, routeTo, VIEWS } from "../../src/route/route.ts";
import { findHash, readQuery } from "../../src/route/search.ts";
import { readBlockSubject } from "../../src/route/subject.ts";

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

const to = (view: string, subject: string) => ({ kind: "route", route: { view, subject } });

describe("search", () => {
  it.each([
    ["12", to("block", "12")],
    ["#1,234", to("block", "1234")],
    ["1 234", to("block", "1234")],
    ["0x1f", to("block", "31")],
    ["block 9", to("block", "9")],
    ["Block: 9", to("block", "9")],
    ["latest", to("block", "latest")],
    ["block finalized", to("block", "finalized")],
    ["snail 7", to("snail", "7")],
    ["Snail block #7", to("snail", "7")],
    [`snail ${HASH}`, to("snail", HASH)],
    ["Epoch #2", to("committee", "2")],
    [`tx ${HASH}`, to("tx", HASH)],
    [`fruit ${HASH.slice(2)}`, to("fruit", HASH)],
    [`Validator ${ADDRESS}`, to("validator", ADDRESS)],
    [`miner ${ADDRESS}`, to("miners", ADDRESS)],
    [HASH.toUpperCase().replace("0X", "0x"), { kind: "hash", hash: HASH }],
    [HASH.slice(2), { kind: "hash", hash: HASH }],
    [` ${ADDRESS} `, to("account", ADDRESS)],
    ["TKN", { kind: "name", name: "TKN" }],
    ["My  token", { kind: "name", name: "My token" }],
    ["token TKN", { kind: "name", name: "tkn" }],
    [`validator ${HASH}`, { kind: "unknown" }],
    ["constructor 7", { kind: "name", name: "constructor 7" }],
    ["", { kind: "unknown" }],
    ["-1", { kind: "unknown" }],
    ["1.5", { kind: "unknown" }],
    ["0xzz", { kind: "unknown" }],
    ["x".repeat(65), { kind: "unknown" }],
    ["9".repeat(18), { kind: "unknown" }],
  ])("takes %p for %p", (text, query) => expect(readQuery(text)).toEqual(query));

  it("asks the node what a hash is", async () => {
    const known = (method: string) => async (asked: string) => (asked === method ? { hash: HASH } : null);
    const call = (method: string) => known(method) as Parameters<typeof findHash>[1];
    expect(await findHash(HASH, call("eth_getTransactionByHash"))).toEqual({ view: "tx", subject: HASH });
    expect(await findHash(HASH, call("eth_getBlockByHash"))).toEqual({ view: "block", subject: HASH });
    expect(await findHash(HASH, call("snail_getBlockByHash"))).toEqual({ view: "snail", subject: HASH });
    expect(await findHash(HASH, call("fruit_getByHash"))).toEqual({ view: "fruit", subject: HASH });
    expect(await findHash(HASH, call("none"))).toBeNull();
  });
});

describe("blocks are asked for", () => {
  it.each([
    ["12", { kind: "number", number: 12, id: "0xc" }],
    [HASH, { kind: "hash", id: HASH }],
    ["latest", { kind: "tag", id: "latest" }],
    ["pending", null],
    ["0xc", null],
    ["", null],
    ["1e3", null],
    ["9".repeat(16), null],
  ])("by %p as %p", (text, subject) => expect(readBlockSubject(text)).toEqual(subject));
});
