// A small assembler for benchmark programs: mnemonics, numbers (pushed), labels.

const OPCODES = {
  STOP: 0x00,
  ADD: 0x01,
  MUL: 0x02,
  SUB: 0x03,
  DIV: 0x04,
  SDIV: 0x05,
  MOD: 0x06,
  ADDMOD: 0x08,
  MULMOD: 0x09,
  LT: 0x10,
  ISZERO: 0x15,
  AND: 0x16,
  OR: 0x17,
  XOR: 0x18,
  NOT: 0x19,
  SHL: 0x1b,
  SHR: 0x1c,
  KECCAK256: 0x20,
  ADDRESS: 0x30,
  CALLDATALOAD: 0x35,
  CALLDATASIZE: 0x36,
  CALLDATACOPY: 0x37,
  CODECOPY: 0x39,
  GASPRICE: 0x3a,
  POP: 0x50,
  MLOAD: 0x51,
  MSTORE: 0x52,
  MSTORE8: 0x53,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMP: 0x56,
  JUMPI: 0x57,
  GAS: 0x5a,
  JUMPDEST: 0x5b,
  CREATE: 0xf0,
  CALL: 0xf1,
  RETURN: 0xf3,
  STATICCALL: 0xfa,
  REVERT: 0xfd,
};
for (let n = 1; n <= 16; n++) Object.assign(OPCODES, { [`DUP${n}`]: 0x7f + n, [`SWAP${n}`]: 0x8f + n });

const LABEL_BYTES = 2;

function pushBytes(value) {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return [0x5f + bytes.length, ...bytes];
}

/** `:name` sets a label, `@name` pushes its place, decimal and 0x numbers are pushed. */
export function assemble(source) {
  const code = [];
  const labels = new Map();
  const uses = [];
  for (const token of source.trim().split(/\s+/)) {
    if (token.startsWith(":")) {
      labels.set(token.slice(1), code.length);
      code.push(OPCODES.JUMPDEST);
    } else if (token.startsWith("@")) {
      uses.push([code.length + 1, token.slice(1)]);
      code.push(0x5f + LABEL_BYTES, 0, 0);
    } else if (/^[0-9]/.test(token)) code.push(...pushBytes(BigInt(token)));
    else if (OPCODES[token] === undefined) throw new Error(`unknown mnemonic ${token}`);
    else code.push(OPCODES[token]);
  }
  for (const [at, name] of uses) {
    if (!labels.has(name)) throw new Error(`no label ${name}`);
    code[at] = labels.get(name) >> 8;
    code[at + 1] = labels.get(name) & 0xff;
  }
  return Uint8Array.from(code);
}
