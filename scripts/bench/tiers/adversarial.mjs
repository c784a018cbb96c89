// Contracts of the largest size, made to be hard for a compiler. All run in a circle until their gas is gone.

const CODE_BYTES = 24_576;
const bytes = (hex) => [...Buffer.from(hex, "hex")];

/** `first`, then `unit` as often as it fits, then a jump to the last byte of `first`, a jump destination. */
function circle(first, unit, codeBytes = CODE_BYTES) {
  const [begin, repeated] = [bytes(first), bytes(unit)];
  // JUMPDEST PUSH1 JUMP
  const end = [0x5b, 0x60, begin.length - 1, 0x56];
  const count = Math.floor((codeBytes - begin.length - end.length) / repeated.length);
  return Uint8Array.from([...begin, ...Array.from({ length: count }, () => repeated).flat(), ...end]);
}

export const ADVERSARIAL = {
  // JUMPDEST PC PUSH1 5 ADD JUMP: every jump is computed, and leads to the next one.
  computedJumps: circle("5f5b", "5b5860050156", 24_000),
  // The same, with one destination more than may be.
  moreComputedJumps: circle("5f5b", "5b5860050156"),
  // JUMPDEST everywhere.
  jumpDestinations: circle("5f5b", "5b"),
  // JUMPDEST PUSH0 PUSH1 3 JUMPI: never taken.
  conditionalJumps: circle("5f5b", "5b5f600357"),
  // DUP1 MUL
  squares: circle("5f5b", "8002"),
  // DUP1 DUP1 MSTORE
  memoryStores: circle("5f5b", "808052"),
  // MLOAD
  memoryLoads: circle("5f5b", "51"),
  // DUP1 DUP1 DUP1 MULMOD
  products: circle("5f195b", "8080800950"),
  // GAS POP
  gasReadings: circle("5f5b", "5a50"),
};
