import { assert, EMPTY_BYTES } from "@festina/primitives";
import {
  creditBalance,
  debitBalance,
  type Engine,
  type EngineCall,
  type EngineOutcome,
  type EngineSuccess,
  type StateView,
} from "../src/index.ts";

/** What a script says of a call; what it leaves out is a success that used no gas. */
export type ScriptedOutcome =
  | (Partial<EngineSuccess> & { readonly kind: "success" })
  | Exclude<EngineOutcome, EngineSuccess>;

/** An engine that moves the value and for the rest does what the test says. Keeps the calls it was given. */
export function createScriptedEngine(
  script: (call: EngineCall, view: StateView) => ScriptedOutcome = () => ({ kind: "success" }),
): Engine & { readonly calls: readonly EngineCall[] } {
  const calls: EngineCall[] = [];
  return {
    name: "scripted",
    calls,
    async run(call, view) {
      calls.push(call);
      view.checkpoint();
      if (call.to !== null) {
        assert(debitBalance(view, call.caller, call.valueWei), "the executor made sure of the value");
        creditBalance(view, call.to, call.valueWei);
      }
      let outcome: ScriptedOutcome;
      try {
        outcome = script(call, view);
      } catch (error) {
        view.revert();
        throw error;
      }
      if (outcome.kind !== "success") {
        view.revert();
        return outcome;
      }
      view.commit();
      const nothing = { gasRefund: 0n, output: EMPTY_BYTES, logs: [], createdAddress: null, burnedWei: 0n };
      return { gasLeft: call.gasLimit, ...nothing, selfDestructed: [], touched: [], ...outcome };
    },
  };
}
