import { HOT_BOUNDS } from "@festina/tvm";
import { describe, expect, it } from "@jest/globals";
import { compileToModule, kernelInput } from "../../src/index.ts";
import { ADVERSARIAL_CODES } from "./adversarialCodes.ts";

describe("bounds of the compiler for hot code", () => {
  const input = kernelInput();

  it.each(Object.entries(ADVERSARIAL_CODES))("hold for 24 KB of %s", (_, code) => {
    const answer = compileToModule(code, input);
    if (answer.kind === "refused") {
      expect(["TOO_MANY_FUNCTIONS", "MODULE_TOO_LARGE"]).toContain(answer.reason);
      return;
    }
    // What surrounds the functions' instructions is a few bytes for each.
    expect(answer.moduleBytes).toBeLessThan(HOT_BOUNDS.moduleBytesMax + 64 * HOT_BOUNDS.functionsMax);
    expect(new Set(answer.functions).size - 1).toBeLessThanOrEqual(HOT_BOUNDS.functionsMax);
    expect(answer.functions.length).toBe(code.length + 1);
  });

  it("refuse jump destinations everywhere, modules that explode, and code longer than contracts can be", () => {
    const refusalOf = (code: Uint8Array): string => {
      const answer = compileToModule(code, input);
      return answer.kind === "refused" ? answer.reason : answer.kind;
    };
    const { jumpDestinations, memoryLoads } = ADVERSARIAL_CODES;
    expect(refusalOf(jumpDestinations as Uint8Array)).toBe("TOO_MANY_FUNCTIONS");
    expect(refusalOf(memoryLoads as Uint8Array)).toBe("MODULE_TOO_LARGE");
    expect(refusalOf(new Uint8Array(24_577))).toBe("CODE_TOO_LONG");
    expect(refusalOf(Uint8Array.of(0x60, 1))).toBe("compiled");
  });
});
