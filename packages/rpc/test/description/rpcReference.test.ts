import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { createRpcReference } from "../../src/index.ts";

const page = createRpcReference();

describe("docs/rpc.md", () => {
  it("is what the descriptions say: `npm run rpc-reference` writes it anew", () => {
    expect(readFileSync(new URL("../../../../docs/rpc.md", import.meta.url), "utf8")).toBe(page);
  });

  it("says what is taken and answered, in words", () => {
    const row = page.split("\n").find((line) => line.startsWith("| `eth_getBalance` |"));
    expect(row).toContain("`address`: [Address](#address)");
    expect(row).toMatch(/\| \[Quantity\]\(#quantity\) \|$/);
    expect(page).not.toMatch(/undefined|\[object/);
  });

  it("links to shapes that are there", () => {
    const headings = new Set([...page.matchAll(/^### (\w+)$/gm)].map(([, name = ""]) => name.toLowerCase()));
    const links = [...page.matchAll(/\]\(#(\w+)\)/g)].map(([, link = ""]) => link);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((link) => !headings.has(link))).toEqual([]);
  });
});
