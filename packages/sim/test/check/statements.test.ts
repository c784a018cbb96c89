import type { Hash32 } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { Statements } from "../../src/check/statements.ts";

const A = `0x${"aa".repeat(32)}` as Hash32;
const B = `0x${"bb".repeat(32)}` as Hash32;

describe("statements", () => {
  it.each([
    ["two blocks of one kind", ["prepare", A], ["prepare", B], true],
    ["a proposal and a PREPARE of another block", ["prePrepare", A], ["prepare", B], true],
    ["a proposal and the PREPARE of it", ["prePrepare", A], ["prepare", A], false],
    ["COMMIT and VIEW-CHANGE", ["commit", A], ["viewChange", null], true],
    ["VIEW-CHANGE and COMMIT", ["viewChange", null], ["commit", A], true],
    ["PREPARE of one, COMMIT of another", ["prepare", A], ["commit", B], false],
    ["PREPARE and VIEW-CHANGE", ["prepare", A], ["viewChange", null], false],
    ["the same twice", ["commit", A], ["commit", A], false],
  ] as const)("%s", (_, [first, firstHash], [second, secondHash], isGuilty) => {
    const statements = new Statements();
    statements.add(2, { kind: first, epoch: 1, view: 4 }, firstHash);
    statements.add(1, { kind: second, epoch: 1, view: 4 }, secondHash);
    statements.add(2, { kind: second, epoch: 1, view: 5 }, secondHash);
    expect([...statements.guilty]).toEqual([]);
    statements.add(2, { kind: second, epoch: 1, view: 4 }, secondHash);
    expect([...statements.guilty]).toEqual(isGuilty ? [2] : []);
  });
});
