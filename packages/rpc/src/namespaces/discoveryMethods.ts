import { createOpenRpcDocument } from "../description/openRpcDocument.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import type { RpcBackend } from "../ports.ts";

/** What the other methods are, for programs that ask. */
export function discoveryMethods(backend: RpcBackend, others: readonly string[]): Record<string, Method> {
  const names = [...others, "rpc.discover", "rpc_modules"];
  const modules = [...new Set(names.map((name) => name.split(/[._]/)[0] as string))].sort();
  return {
    rpc_modules: () => Object.fromEntries(modules.map((name) => [name, "1.0"])),
    "rpc.discover": () => createOpenRpcDocument(names, backend.clientVersion()),
  };
}
