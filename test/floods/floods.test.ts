import { describe, expect, it } from "@jest/globals";
import { createCostlyKind, createFloodKinds } from "./floodKinds.ts";

describe("a flood of what costs its sender nothing", () => {
  const kinds = createFloodKinds();

  it.each(kinds.map((kind) => [kind.name, kind] as const))(
    "%s is refused before any hash is computed",
    (name, kind) => {
      const code = name.split(" ")[1];
      for (let serial = 0; serial < 3; serial++) expect(kind.make(serial)()).toBe(code);
    },
  );

  it("is told from what only the work gives away", () => {
    expect(createCostlyKind().make(1)()).toBe("FRUIT_WORK_MISSING");
  });
});
