import type { Method } from "../jsonRpc/dispatch.ts";
import { ExecutionLane } from "../jsonRpc/executionLane.ts";
import { Params } from "../jsonRpc/params.ts";
import { invalidParams, refusal } from "../jsonRpc/rpcError.ts";
import type { RpcBackend } from "../ports.ts";

const SOURCE_MAX = 512 * 1024;
/** A compiler takes a hundred megabytes. */
const LANE = { runningMax: 1, waitingMax: 4 };

/** Only where the backend has a compiler. */
export function compileMethods({ solidity }: RpcBackend): Record<string, Method> {
  if (solidity === undefined) return {};
  return {
    /** (Solidity source) -> [{ contractName, abi, bytecode }], in the order of the source. */
    festina_compile: new ExecutionLane(LANE).around(async (values) => {
      const source = new Params(values).string(0, "source");
      if (source.length > SOURCE_MAX) throw invalidParams(`source: exceeds ${SOURCE_MAX} characters`);
      const compiled = await solidity.compile(source);
      if (!compiled.ok) throw refusal(compiled.error);
      return compiled.value;
    }),
  };
}
