import { describe, expect, it } from "@jest/globals";
import type { OpenRpcDocument } from "../../src/description/openRpcDocument.ts";
import type { DevelopmentGate } from "../../src/index.ts";
import { FilterRegistry } from "../../src/namespaces/filters.ts";
import { createMethodTable } from "../../src/namespaces/methodTable.ts";
import { FakeBackend } from "../../testing/fakeBackend.ts";
import { HURRIED_CLOCK } from "../namespaces/methodFixture.ts";

/** Controls that do nothing: only their names matter here. */
class DevelopmentBackend extends FakeBackend {
  override readonly development = new Proxy({} as DevelopmentGate, {
    get: (_, name) => {
      if (name === "modes") return { isAutomatic: true, intervalMs: 0 };
      if (name === "snapshots") return [];
      if (name === "fork") return null;
      return name === "dump" ? async () => "{}" : () => ({ ok: true });
    },
  }) as never;
}

const backend = new DevelopmentBackend();
const methods = createMethodTable(backend, new FilterRegistry(backend, () => 0), HURRIED_CLOCK);
const call = async (name: string, params: readonly unknown[]): Promise<unknown> => methods.get(name)?.(params, {});
const document = (await call("rpc.discover", [])) as OpenRpcDocument;
const byName = new Map(document.methods.map((described) => [described.name, described]));

describe("the description of the methods", () => {
  it("has exactly those that are served", () => {
    expect([...byName.keys()]).toEqual([...methods.keys()].sort());
  });

  it("leaves controls out where there are none", async () => {
    const plain = new FakeBackend();
    const table = createMethodTable(plain, new FilterRegistry(plain, () => 0), HURRIED_CLOCK);
    const discovered = (await table.get("rpc.discover")?.([], {})) as OpenRpcDocument;
    expect(discovered.methods.map(({ name }) => name)).toEqual([...table.keys()].sort());
    expect(table.has("evm_mine")).toBe(false);
  });

  it("names parameters once, the needed ones first, and schemas that are there", () => {
    for (const { name, params } of document.methods) {
      expect([name, new Set(params.map((param) => param.name)).size]).toEqual([name, params.length]);
      const needed = params.map(({ required }) => required);
      expect([name, needed]).toEqual([name, needed.toSorted().toReversed()]);
    }
    const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g);
    for (const [, schema] of references) expect(document.components.schemas).toHaveProperty(schema as string);
  });

  it("tells of each method by itself: whoever lists them does so in any order", () => {
    const leaning = /^(The same|It|One of them|Ends that|Whether it does|Does so|null\.|Zero\.|true\.$)/;
    expect(document.methods.filter(({ summary }) => leaning.test(summary)).map(({ name }) => name)).toEqual([]);
  });

  it.each(document.methods.filter(({ params }) => params[0]?.required === true).map(({ name }) => name))(
    "%s needs its parameters",
    async (name) => {
      // Subscriptions ask for a connection that can be pushed to, first of all.
      const code = name.endsWith("ubscribe") ? expect.any(Number) : -32602;
      await expect(call(name, [])).rejects.toMatchObject({ code });
    },
  );

  it.each(document.methods.filter(({ params }) => params[0]?.required !== true).map(({ name }) => name))(
    "%s does without",
    async (name) => {
      const answer = await call(name, []).catch((error: unknown) => error);
      expect((answer as { readonly code?: unknown } | null)?.code).not.toBe(-32602);
    },
  );
});
