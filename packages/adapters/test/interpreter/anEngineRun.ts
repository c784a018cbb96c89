// Runs bytecode on an engine over a small world, without a transaction around it.
import { type Address, bytesToBigint, EMPTY_BYTES } from "@festina/primitives";
import type { Engine, EngineCall, EngineOutcome } from "@festina/tvm";
import { addressOf, BLOCK, CALLER, CONTRACT, MemoryStateView } from "@festina/tvm/testing";

export { addressOf, BLOCK, CALLER, CONTRACT };

export const OTHER = addressOf(0xd0);
export const GAS_LIMIT = 400_000n;

export function worldWith(codes: Readonly<Record<Address, Uint8Array>>): MemoryStateView {
  const view = new MemoryStateView();
  view.plant(CALLER, { balanceWei: 10n ** 18n, nonce: 1n });
  for (const [address, code] of Object.entries(codes))
    view.plant(address as Address, { nonce: 1n, balanceWei: 1_000n, code, storage: new Map([[1n, 7n]]) });
  return view;
}

export function callTo(to: Address | null, changes: Partial<EngineCall> = {}): EngineCall {
  return {
    caller: CALLER,
    origin: CALLER,
    to,
    valueWei: 0n,
    data: EMPTY_BYTES,
    gasLimit: GAS_LIMIT,
    gasPriceWei: 12n,
    isStatic: false,
    warmAddresses: [CALLER, ...(to === null ? [] : [to]), BLOCK.coinbase],
    accessList: [],
    ...changes,
  };
}

/** What the code leaves as its returned word. */
export async function wordOf(engine: Engine, code: Uint8Array, data: Uint8Array): Promise<bigint> {
  const outcome: EngineOutcome = await engine.run(callTo(CONTRACT, { data }), worldWith({ [CONTRACT]: code }), BLOCK);
  if (outcome.kind !== "success") throw new Error(`ended with ${JSON.stringify(outcome.kind)}`);
  return bytesToBigint(outcome.output);
}
