import { describe, expect, it } from "@jest/globals";
import { resolveDuplicate } from "../../src/peer/resolveDuplicate.ts";
import { nodeIdOf } from "../samples.ts";

const [low, high] = [nodeIdOf(1), nodeIdOf(2)];

describe("resolveDuplicate", () => {
  it("keeps the connection that the lower id dialled, whichever side asks and whichever came first", () => {
    expect(resolveDuplicate(low, high, "outbound", "inbound")).toBe("existing");
    expect(resolveDuplicate(low, high, "inbound", "outbound")).toBe("candidate");
    expect(resolveDuplicate(high, low, "inbound", "outbound")).toBe("existing");
    expect(resolveDuplicate(high, low, "outbound", "inbound")).toBe("candidate");
  });

  it("keeps the newer of two in the same direction", () => {
    expect(resolveDuplicate(low, high, "inbound", "inbound")).toBe("candidate");
    expect(resolveDuplicate(high, low, "outbound", "outbound")).toBe("candidate");
  });
});
