import { ok, type Result } from "@festina/primitives";
import type { BlockAddition, RefusedAddition, RpcBackend } from "@festina/rpc";
import { fastTimeMs } from "@festina/types";

/** What it takes to replace the newest blocks. */
export interface Reorganisation {
  readonly backend: () => Pick<RpcBackend, "chain" | "pool">;
  readonly rollback: () => Promise<Result<void, "ROLLBACK_TOO_DEEP">>;
  /** Makes a block so long after the newest one, with what waits. */
  readonly mine: (intervalMs: number) => Promise<void>;
}

/** What waited goes on waiting, where it still can. */
export async function keepingPool<T>(backend: () => Pick<RpcBackend, "pool">, task: () => Promise<T>): Promise<T> {
  const waiting = backend().pool.content();
  const result = await task();
  for (const { encoded, sender } of waiting) await backend().pool.submit(encoded, sender);
  return result;
}

function timeMsAt({ chain }: Pick<RpcBackend, "chain">, number: number): number {
  const record = chain.blockByNumber(number);
  return record === undefined ? 0 : fastTimeMs(record.block.header);
}

/** A millisecond beside the replaced block's, in the same second where there is room: an empty block would be the same one. */
function besideMs(replacedMs: number, parentMs: number): number {
  return replacedMs % 1000 === 999 && replacedMs - 1 > parentMs ? replacedMs - 1 : replacedMs + 1;
}

/**
 * Other blocks instead of the newest ones, as many and at the same times. Answers with what the pool did not take, which is
 * in no block.
 */
export async function reorganise(
  depth: number,
  additions: readonly BlockAddition[],
  { backend, rollback, mine }: Reorganisation,
): Promise<Result<readonly RefusedAddition[], "ROLLBACK_TOO_DEEP">> {
  const head = backend().chain.head();
  const timesMs = Array.from({ length: depth }, (_, offset) => timeMsAt(backend(), head - depth + 1 + offset));
  const gone = await rollback();
  if (!gone.ok) return gone;
  const refused: RefusedAddition[] = [];
  for (const [offset, replacedMs] of timesMs.entries()) {
    for (const addition of additions) {
      if (addition.offset !== offset) continue;
      const submitted = await backend().pool.submit(addition.encoded, addition.signedBy);
      if (!submitted.ok) refused.push({ addition, error: submitted.error });
    }
    const parentMs = timeMsAt(backend(), backend().chain.head());
    const wantedMs = offset === 0 ? besideMs(replacedMs, parentMs) : replacedMs;
    await mine(Math.max(1, wantedMs - parentMs));
  }
  return ok(refused);
}
