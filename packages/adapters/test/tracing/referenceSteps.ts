// What the reference engine's library says of every instruction: an oracle for our traces that shares nothing with them.
import { createCustomCommon, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM, type InterpreterStep } from "@ethereumjs/evm";
import { createAddressFromString } from "@ethereumjs/util";
import { hexToBytes } from "@festina/primitives";
import { type BlockContext, type EngineCall, PRECOMPILE_ADDRESSES, type StateView } from "@festina/tvm";
import { libraryBlock } from "../../src/reference/referenceMachine.ts";
import { StateViewBridge } from "../../src/reference/stateViewBridge.ts";

/** Calls that end at once take gas along and give it back. */
const CALLS = /CALL|CREATE/;

export interface ReferenceStep {
  readonly pc: number;
  readonly opcode: string;
  readonly gas: number;
  readonly depth: number;
  readonly stack: readonly bigint[];
  /** As large as the instruction makes it. */
  readonly memory: Uint8Array;
  /** By what is left at the next step of the same code; `null` where there is none. */
  readonly cost: number | null;
}

export async function referenceSteps(
  call: EngineCall,
  view: StateView,
  block: BlockContext,
  stepsMax: number,
): Promise<readonly ReferenceStep[]> {
  const common = createCustomCommon({ name: "tests", chainId: block.chainId.toString() }, Mainnet, {
    hardfork: Hardfork.Osaka,
  });
  const bridge = new StateViewBridge();
  const blockchain = {
    getBlock: async (number: number) => ({ hash: () => hexToBytes(block.getBlockHash(number)) }),
    putBlock: async () => undefined,
    shallowCopy: () => blockchain,
  };
  const evm = await createEVM({ common, stateManager: bridge, blockchain });
  const steps: ReferenceStep[] = [];
  evm.events.on("step", (step: InterpreterStep, next?: () => void) => {
    if (steps.length >= stepsMax) return next?.();
    steps.push({
      pc: step.pc,
      opcode: step.opcode.name,
      gas: Number(step.gasLeft),
      depth: step.depth + 1,
      stack: [...step.stack],
      memory: step.memory.slice(),
      cost: null,
    });
    next?.();
  });
  bridge.begin(view);
  for (const address of [...PRECOMPILE_ADDRESSES, ...call.warmAddresses]) evm.journal.addAlwaysWarmAddress(address);
  await evm.runCall({
    block: libraryBlock(block),
    caller: createAddressFromString(call.caller),
    ...(call.to === null ? {} : { to: createAddressFromString(call.to) }),
    value: call.valueWei,
    data: call.data,
    gasLimit: call.gasLimit,
    gasPrice: call.gasPriceWei,
    isStatic: call.isStatic,
    skipNonceIncrement: true,
  });
  bridge.end();
  return steps.map((step, index) => {
    const next = steps[index + 1];
    return next?.depth === step.depth && !CALLS.test(step.opcode) ? { ...step, cost: step.gas - next.gas } : step;
  });
}
