import { describe, expect, it } from "@jest/globals";
import { closeCodeOfNumber, closeNumber } from "../src/closeCode.ts";

describe("close codes", () => {
  it("travel as numbers of WebSocket's private range and come back", () => {
    for (const code of ["LOST", "STOPPING", "DUPLICATE", "SPEC_MISMATCH", "SEND_STALLED"] as const) {
      expect(closeNumber(code)).toBeGreaterThanOrEqual(4_000);
      expect(closeNumber(code)).toBeLessThan(5_000);
      expect(closeCodeOfNumber(closeNumber(code))).toBe(code);
    }
  });

  it("are LOST when the number is none of ours", () => {
    for (const number of [0, 1_000, 1_006, 4_999, Number.NaN]) expect(closeCodeOfNumber(number)).toBe("LOST");
  });
});
