// The largest contracts there can be, made to be hard for a compiler.
const CODE_BYTES = 24_576;
const repeat = (...unit: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: CODE_BYTES }, (_, index) => unit[index % unit.length] as number);

export const ADVERSARIAL_CODES: Readonly<Record<string, Uint8Array>> = {
  /** JUMPDEST */
  jumpDestinations: repeat(0x5b),
  /** JUMPDEST DUP1 JUMP */
  computedJumps: repeat(0x5b, 0x80, 0x56),
  /** JUMPDEST DUP1 DUP1 JUMPI */
  conditionalJumps: repeat(0x5b, 0x80, 0x80, 0x57),
  /** DUP1 DUP1 JUMPI: ways out without ways in */
  leavingJumps: repeat(0x80, 0x80, 0x57),
  /** MLOAD */
  memoryLoads: repeat(0x51),
  /** DUP1 DUP1 DUP1 MULMOD */
  products: repeat(0x80, 0x80, 0x80, 0x09),
  /** DUP1 EXP */
  powers: repeat(0x80, 0x0a),
  /** GAS */
  gasReadings: repeat(0x5a),
  /** DUP1 x 7 CALL */
  calls: repeat(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0xf1),
};
