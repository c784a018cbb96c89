import { describe, expect, it } from "@jest/globals";
import { SharedBytes } from "../../src/wholeNode/sharedBytes.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("shared bytes", () => {
  it("are kept once per content, whatever becomes of the caller's arrays", () => {
    const shared = new SharedBytes();
    const value = bytes(1, 2, 3);
    const first = shared.keep(bytes(0xff, 7), value);
    value[0] = 9;
    const again = shared.keep(bytes(0xff, 7), bytes(1, 2, 3));
    expect(again).toBe(first);
    expect(first).toEqual({ name: "\u00ff\u0007", value: bytes(1, 2, 3) });
    expect(shared.keep(bytes(0xff, 7), value)).toEqual({ name: "\u00ff\u0007", value: bytes(9, 2, 3) });
    expect(first.value).toEqual(bytes(1, 2, 3));
  });

  it("forget what is old, not what was given out", () => {
    const shared = new SharedBytes();
    const first = shared.keep(bytes(1), bytes(1));
    for (let key = 0; key < 20_000; key++) shared.keep(bytes(2, key & 0xff, key >> 8), bytes(key & 0xff));
    const later = shared.keep(bytes(1), bytes(1));
    expect(later).not.toBe(first);
    expect(later).toEqual(first);
  });
});
