import { TABLE } from "@festina/storage";
import { describe, expect, it } from "@jest/globals";
import { judgeStores } from "../../src/check/judgeStores.ts";
import { NodeWatch } from "../../src/check/nodeWatch.ts";

const at = (table: number, value: number): readonly [string, Uint8Array] => [
  String.fromCharCode(table, 7),
  Uint8Array.of(value),
];

function judge(...stores: readonly (readonly [head: number, ...entries: (readonly [string, Uint8Array])[]])[]) {
  const watch = new NodeWatch({ faulty: new Set(), nowMs: () => 0, processOf: () => undefined });
  const judged = stores.map(([head, ...entries], process) => ({ process, head, image: new Map(entries) }));
  const compared = judgeStores(judged, watch);
  return { compared, broken: watch.violations.map(({ invariant }) => invariant) };
}

describe("stores at the same final block", () => {
  const account = at(TABLE.account, 1);

  it("are equal where they follow from the chain, whatever votes their certificates count", () => {
    const stores = [9, account, at(TABLE.certificate, 1)] as const;
    expect(judge(stores, [9, account, at(TABLE.certificate, 2)], [8, at(TABLE.account, 3)])).toEqual({
      compared: 1,
      broken: [],
    });
  });

  it("break I16 where a value differs or is missing, on either side", () => {
    expect(judge([9, account], [9, at(TABLE.account, 2)]).broken).toEqual(["I16"]);
    expect(judge([9, account], [9]).broken).toEqual(["I16"]);
    expect(judge([9], [9, account]).broken).toEqual(["I16"]);
  });
});
