import { type Address, bytesToBigint, encodeRlp } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { SlotTable } from "../../src/world/slotTable.ts";
import { bigintToWord, wordToBigint } from "../../src/world/word.ts";

const address = (n: number) => `0x${n.toString(16).padStart(40, "0")}` as Address;

/** Words of slots and values, in pairs. */
function wordsOf(pairs: readonly (readonly [bigint, bigint])[]): Uint32Array {
  const words = new Uint32Array(16 * pairs.length);
  for (const [i, [slot, value]] of pairs.entries()) {
    bigintToWord(slot, words, 16 * i);
    bigintToWord(value, words, 16 * i + 8);
  }
  return words;
}

function read(table: SlotTable, account: Address, slot: bigint): bigint | undefined {
  const words = wordsOf([[slot, 0n]]);
  const write = table.newest(account, words, 0);
  if (write < 0) return undefined;
  table.copyValue(write, words, 8);
  return wordToBigint(words, 8);
}

function allOf(table: SlotTable): Map<string, bigint> {
  const all = new Map<string, bigint>();
  for (const [account, writes] of table.byAccount())
    for (const write of writes)
      all.set(`${account} ${bytesToBigint(table.slotOf(write))}`, bytesToBigint(table.valueOf(write)));
  return all;
}

const account = fc.integer({ min: 1, max: 4 }).map(address);
// Few, so that they meet; some that differ far up only.
const slot = fc.oneof(
  fc.bigInt(0n, 12n),
  fc.bigInt(0n, 5n).map((n) => n << 250n),
  fc.bigInt(0n, 2n ** 256n - 1n),
);
const value = fc.oneof(fc.constant(0n), fc.bigInt(0n, 2n ** 256n - 1n));
const step = fc.oneof(
  fc.record({
    kind: fc.constant("write" as const),
    account,
    pairs: fc.array(fc.tuple(slot, value), { minLength: 1, maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant("read" as const), account, slot }),
  fc.record({ kind: fc.constant("forget" as const), account }),
  fc.record({ kind: fc.constant("mark" as const) }),
  fc.record({ kind: fc.constant("takeBack" as const) }),
);

describe("a table of slots", () => {
  it("answers like maps that are copied at every mark", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer(), (steps, seed) => {
        const table = new SlotTable(seed);
        let model = new Map<string, bigint>();
        const marks: { model: Map<string, bigint>; undo: (() => void)[] }[] = [{ model: new Map(), undo: [] }];
        const undo = (entry: () => void) => marks.at(-1)?.undo.push(entry);
        for (const step of steps) {
          if (step.kind === "write") {
            const before = table.length;
            undo(() => table.shorten(before));
            table.append(step.account, wordsOf(step.pairs), 0, step.pairs.length);
            for (const [slot, value] of step.pairs) model.set(`${step.account} ${slot}`, value);
          } else if (step.kind === "read") {
            expect(read(table, step.account, step.slot)).toBe(model.get(`${step.account} ${step.slot}`));
          } else if (step.kind === "forget") {
            undo(table.forget(step.account));
            for (const key of [...model.keys()]) if (key.startsWith(step.account)) model.delete(key);
          } else if (step.kind === "mark") marks.push({ model: new Map(model), undo: [] });
          else if (marks.length > 1) {
            const last = marks.pop();
            for (const entry of last?.undo.reverse() ?? []) entry();
            model = last?.model ?? model;
          }
        }
        expect(allOf(table)).toEqual(model);
        for (let n = 1; n <= 4; n++) {
          const holds = [...model].some(([key, value]) => key.startsWith(address(n)) && value !== 0n);
          expect(table.holdsValue(address(n))).toBe(holds);
          if (!table.hasMet(address(n))) expect(holds).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("finds each of thousands of slots that were written at once", () => {
    const table = new SlotTable(1);
    const pairs = Array.from({ length: 5_000 }, (_, i) => [BigInt(i) << 128n, BigInt(i)] as const);
    table.append(address(1), wordsOf(pairs), 0, pairs.length);
    table.append(address(2), wordsOf(pairs.slice(0, 10)), 0, 10);
    expect(pairs.every(([slot, value]) => read(table, address(1), slot) === value)).toBe(true);
    expect([read(table, address(2), 9n << 128n), read(table, address(2), 10n << 128n)]).toEqual([9n, undefined]);
  });

  it("gives slots and values as tries take them", () => {
    const edges = fc.constantFrom(0n, 1n, 0x7fn, 0x80n, 0xffn, 0x100n, 2n ** 32n, 2n ** 248n, 2n ** 256n - 1n);
    fc.assert(
      fc.property(fc.array(fc.tuple(slot, fc.oneof(edges, value)), { minLength: 1, maxLength: 8 }), (pairs) => {
        const table = new SlotTable(1);
        table.append(address(1), wordsOf(pairs), 0, pairs.length);
        const room = new Uint8Array(32).fill(0xee);
        for (let write = 0; write < pairs.length; write++) {
          table.copySlotTo(write, room);
          expect(room).toEqual(table.slotOf(write));
          const minimal = table.valueOf(write);
          expect(table.encodedValueOf(write)).toEqual(minimal.length === 0 ? null : encodeRlp(minimal));
        }
      }),
    );
  });
});
