import { createSystemClock } from "@festina/adapters";
import { type Hash32, ok } from "@festina/primitives";
import type { BlockRecord, RpcBackend } from "@festina/rpc";
import { expect, test } from "@jest/globals";
import { Inclusion } from "../src/inclusion.ts";

const HASH = `0x${"12".repeat(32)}` as Hash32;

/** A pool that has one transaction until it gives it up, and a chain that has none. */
function world() {
  const state = { waits: true, leftOut: undefined as string | undefined };
  const transaction = { sender: "0xaa", nonce: 0n, maxFeePerGasWei: 10n };
  const backend = {
    pool: {
      submit: async () => ok(HASH),
      byHash: () => (state.waits ? transaction : undefined),
      nextNonce: () => 1n,
      leftOut: () => state.leftOut,
    },
    chain: { transactionLocation: () => undefined, nextBaseFeeWei: () => 1n },
  } as unknown as Pick<RpcBackend, "pool" | "chain" | "tracing">;
  return { state, backend };
}

test.each([
  ["STATE_UNREACHABLE", { ok: false, error: { code: "STATE_UNREACHABLE" } }],
  [undefined, { ok: true, value: HASH }],
])("a send whose block was made without it is answered with why: %s", async (leftOut, answer) => {
  const { state, backend } = world();
  const inclusion = new Inclusion(createSystemClock(), false);
  const sent = inclusion.submit(backend, { isAutomatic: true, drop: () => undefined }, new Uint8Array(1));
  await new Promise((resolve) => setImmediate(resolve));
  Object.assign(state, { waits: false, leftOut });
  inclusion.onBlock({ block: { transactions: [] } } as unknown as BlockRecord, backend.pool);
  expect(await sent).toMatchObject(answer);
});
