// What a rule set changes in a kernel: the table of instructions, which addresses are precompiled contracts, and how
// long code may be.
import { type Address, assert } from "@festina/primitives";
import type { RuleSet } from "../ruleSet.ts";
import type { KernelExports } from "./kernel.ts";
import type { KernelMemory } from "./kernelMemory.ts";

const OPCODE_ENTRY_BYTES = 4;

/** Before any code is compiled for the kernel: the compiler reads the same table. */
export function applyRules(rules: RuleSet, kernel: KernelExports, memory: KernelMemory): void {
  const table = kernel.opcodesPointer();
  for (const opcode of rules.absentInstructions) memory.setU32(table + opcode * OPCODE_ENTRY_BYTES, 0);
  const numbers = rules.precompiles.map(Number);
  const last = numbers.findLastIndex((number, index) => number === index + 1) + 1;
  const [apart = 1, ...others] = numbers.slice(last);
  assert(others.length === 0, "precompiled contracts are numbered from 1 on, but for one");
  kernel.setPrecompiles(last, apart);
  if (rules.movedPrecompiles !== undefined) movePrecompiles([...rules.movedPrecompiles.keys()], kernel, memory);
  kernel.setCodeLimits(rules.codeBytesMax, rules.initCodeBytesMax);
}

function movePrecompiles(addresses: readonly Address[], kernel: KernelExports, memory: KernelMemory): void {
  kernel.movePrecompiles();
  const scratch = kernel.scratchPointer();
  for (const address of addresses) {
    memory.setAddress(scratch, address);
    assert(kernel.addMovedPrecompile(scratch) !== 0, "there are no more precompiled contracts than there were");
  }
}
