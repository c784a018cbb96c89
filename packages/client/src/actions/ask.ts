import { type BlockTag, type Client, type Hash, numberToHex } from "viem";
import type { Shape } from "../answer/shape.ts";

/** A fast block: `latest` where nothing is named. `anchored` is the newest one that the snail chain has buried. */
export type BlockReference =
  | { readonly blockNumber: bigint; readonly blockTag?: undefined; readonly blockHash?: undefined }
  | { readonly blockTag: BlockTag | "anchored"; readonly blockNumber?: undefined; readonly blockHash?: undefined }
  | { readonly blockHash: Hash; readonly blockNumber?: undefined; readonly blockTag?: undefined }
  | { readonly blockNumber?: undefined; readonly blockTag?: undefined; readonly blockHash?: undefined };

export function blockParameter({ blockNumber, blockTag, blockHash }: BlockReference): unknown {
  if (blockNumber !== undefined) return numberToHex(blockNumber);
  return blockHash === undefined ? (blockTag ?? "latest") : { blockHash };
}

/** viem's types know Ethereum's methods only. */
type AnyRequest = (request: { readonly method: string; readonly params: readonly unknown[] }) => Promise<unknown>;

/**
 * Calls a method and reads its answer.
 *
 * @throws RpcRequestError when the node says no, with its code; AnswerError when it answers something else than it should
 */
export async function ask<Value>(
  client: Client,
  method: string,
  params: readonly unknown[],
  shape: Shape<Value>,
): Promise<Value> {
  const request = client.request as AnyRequest;
  return shape(await request({ method, params }), method);
}
