import type { Method } from "../../src/jsonRpc/dispatch.ts";
import { FilterRegistry } from "../../src/namespaces/filters.ts";
import { createMethodTable } from "../../src/namespaces/methodTable.ts";
import { FakeBackend } from "../../testing/fakeBackend.ts";

/** All methods over a fake node, called directly. */
export function createMethods(): {
  backend: FakeBackend;
  methods: ReadonlyMap<string, Method>;
  call(method: string, ...params: unknown[]): Promise<unknown>;
} {
  const backend = new FakeBackend();
  const methods = createMethodTable(backend, new FilterRegistry(backend, () => 0));
  const call = async (name: string, ...params: unknown[]): Promise<unknown> => {
    const method = methods.get(name);
    if (method === undefined) throw new Error(`no method ${name}`);
    return await method(params, {});
  };
  return { backend, methods, call };
}
