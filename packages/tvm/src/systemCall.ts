import { type Address, EMPTY_BYTES } from "@festina/primitives";
import type { Log } from "@festina/types";
import { removeDestructed, removeIfEmpty } from "./accountCleanup.ts";
import type { BlockContext } from "./blockContext.ts";
import type { Engine, HaltReason } from "./engine.ts";
import type { StateView } from "./ports.ts";
import { runEngine } from "./runEngine.ts";

/** Whom system contracts see as caller when the protocol itself calls (EIP-4788, EIP-2935). Nobody has its key. */
export const SYSTEM_CALLER = "0xfffffffffffffffffffffffffffffffffffffffe" as Address;

export const SYSTEM_CALL_GAS = 30_000_000n;

export interface SystemCall {
  readonly to: Address;
  readonly data: Uint8Array;
  readonly view: StateView;
  readonly block: BlockContext;
  readonly engine: Engine;
}

export type SystemCallOutcome =
  | { readonly kind: "success"; readonly output: Uint8Array; readonly logs: readonly Log[]; readonly burnedWei: bigint }
  | { readonly kind: "revert"; readonly output: Uint8Array }
  | { readonly kind: "halt"; readonly reason: HaltReason };

/**
 * Calls a system contract on the protocol's behalf: no fee, no nonce, gas of its own that the block does not count.
 * An address without code answers with success and empty output, and nothing changes.
 *
 * @throws EngineFaultError when the engine itself failed; the state is then as before
 */
export async function systemCall(input: SystemCall): Promise<SystemCallOutcome> {
  const { to, view, block, engine } = input;
  if (view.getCode(to).length === 0) return { kind: "success", output: EMPTY_BYTES, logs: [], burnedWei: 0n };
  view.checkpoint();
  try {
    const call = {
      caller: SYSTEM_CALLER,
      origin: SYSTEM_CALLER,
      to,
      valueWei: 0n,
      data: input.data,
      gasLimit: SYSTEM_CALL_GAS,
      gasPriceWei: 0n,
      isStatic: false,
      warmAddresses: [SYSTEM_CALLER, to, block.coinbase],
      accessList: [],
    };
    const outcome = await runEngine(engine, call, view, block);
    if (outcome.kind !== "success") {
      view.revert();
      return outcome.kind === "revert"
        ? { kind: "revert", output: outcome.output }
        : { kind: "halt", reason: outcome.reason };
    }
    const burnedWei = outcome.burnedWei + removeDestructed(view, outcome.selfDestructed);
    removeIfEmpty(view, SYSTEM_CALLER);
    for (const address of outcome.touched) removeIfEmpty(view, address);
    view.commit();
    return { kind: "success", output: outcome.output, logs: outcome.logs, burnedWei };
  } catch (error) {
    view.revert();
    throw error;
  }
}
