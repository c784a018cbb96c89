import { describe, expect, it } from "@jest/globals";
import { createTracingLoader } from "../../src/index.ts";

describe("the loader of the engine that traces", () => {
  it("gives all who ask the same one, also those who ask while it is being made", async () => {
    const load = createTracingLoader();
    const [first, second] = await Promise.all([load(), load()]);
    expect(second).toBe(first);
    expect(await load()).toBe(first);
    expect(await createTracingLoader()()).not.toBe(first);
  });
});
