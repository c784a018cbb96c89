import type { Clock } from "@festina/primitives";
import type { Method } from "../../src/jsonRpc/dispatch.ts";
import { FilterRegistry } from "../../src/namespaces/filters.ts";
import { createMethodTable } from "../../src/namespaces/methodTable.ts";
import { FakeBackend } from "../../testing/fakeBackend.ts";

/** Who waits has waited long enough. */
export const HURRIED_CLOCK: Clock = {
  nowMs: () => 0,
  setTimer: (_, onElapsed) => {
    let isSet = true;
    queueMicrotask(() => isSet && onElapsed());
    return { cancel: () => (isSet = false) };
  },
};

/** All methods over a fake node, called directly. */
export function createMethods(): {
  backend: FakeBackend;
  methods: ReadonlyMap<string, Method>;
  call(method: string, ...params: unknown[]): Promise<unknown>;
} {
  const backend = new FakeBackend();
  const methods = createMethodTable(backend, new FilterRegistry(backend, () => 0), HURRIED_CLOCK);
  const call = async (name: string, ...params: unknown[]): Promise<unknown> => {
    const method = methods.get(name);
    if (method === undefined) throw new Error(`no method ${name}`);
    return await method(params, {});
  };
  return { backend, methods, call };
}
