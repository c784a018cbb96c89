import { formatFruit, formatSnailBlock } from "../format/formatSnail.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import type { RpcBackend } from "../ports.ts";

/** A snail block by `latest`, `earliest` or its number. */
export function snailNumber(backend: RpcBackend, params: Params, index: number, name: string): number {
  if (params.raw(index) === "latest") return backend.snail.head();
  return params.raw(index) === "earliest" ? 0 : params.number(index, name);
}

/** The snail chain and its fruits, as they are. */
export function snailMethods(backend: RpcBackend): Record<string, Method> {
  const { snail } = backend;
  return {
    snail_blockNumber: () => toQuantity(snail.head()),
    snail_getBlockByNumber: (values) => {
      const params = new Params(values);
      const found = snail.byNumber(snailNumber(backend, params, 0, "number"));
      return found === undefined ? null : formatSnailBlock(found, params.boolean(1, "withFruits"));
    },
    snail_getBlockByHash: (values) => {
      const params = new Params(values);
      const found = snail.byHash(params.hash(0, "hash"));
      return found === undefined ? null : formatSnailBlock(found, params.boolean(1, "withFruits"));
    },
    fruit_getByHash: (values) => {
      const found = snail.fruitByHash(new Params(values).hash(0, "hash"));
      return found === undefined ? null : formatFruit(found.fruit, found.packedIn);
    },
  };
}
