import type { RpcBackend } from "@festina/rpc";

/** Whatever `current` answers with at the time of each access: methods may keep it while nodes come and go. */
function following<T extends object>(current: () => T): T {
  return new Proxy(Object.create(null) as T, {
    get: (_target, name) => {
      const source = current();
      const value: unknown = Reflect.get(source, name);
      return typeof value === "function" ? value.bind(source) : value;
    },
  });
}

/** The backend of the node that lives now, part by part, and `own` instead of some of them. */
export function createLivingBackend(current: () => RpcBackend, own: Partial<RpcBackend>): RpcBackend {
  const parts: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(current())) {
    if (typeof part === "function")
      parts[name] = (...args: unknown[]) => (Reflect.get(current(), name) as (...args: unknown[]) => unknown)(...args);
    else if (part !== null && typeof part === "object" && !Array.isArray(part))
      parts[name] = following(() => Reflect.get(current(), name) as object);
    else parts[name] = part;
  }
  return { ...(parts as unknown as RpcBackend), ...own };
}

/** Its pool, with a door of its own. */
export function livingPool(current: () => RpcBackend, submit: RpcBackend["pool"]["submit"]): RpcBackend["pool"] {
  return {
    submit,
    byHash: (hash) => current().pool.byHash(hash),
    nextNonce: (address) => current().pool.nextNonce(address),
    content: () => current().pool.content(),
  };
}
