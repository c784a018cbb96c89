// What the kernel's table says of every instruction: the one definition of static prices and stack needs.

export interface InstructionTable {
  exists(opcode: number): boolean;
  staticGas(opcode: number): number;
  /** Words that must be there. */
  takes(opcode: number): number;
  /** By how many words the stack is higher while or after it runs. */
  growth(opcode: number): number;
}

/** Layout of an entry: adapters/assembly/evm/opcodes.ts. */
export function readInstructionTable(entries: Uint32Array): InstructionTable {
  const entry = (opcode: number): number => entries[opcode] as number;
  return {
    exists: (opcode) => entry(opcode) >>> 31 === 1,
    staticGas: (opcode) => entry(opcode) & 0xffff,
    takes: (opcode) => (entry(opcode) >>> 16) & 0x1f,
    growth: (opcode) => (entry(opcode) >>> 24) & 1,
  };
}
