// What every instruction costs and does to the height of the stack, by opcode.
//   bits 0 to 15: static gas   16 to 20: words it takes   24: words by which the stack grows (0 or 1)
//   25 to 29: words it gives   30: gas can be seen, or code left, where it runs   31: exists

export const EXISTS: u32 = 0x80000000;
export const ENDS_SEGMENT: u32 = 0x40000000;
export const OPCODES: usize = memory.data(1024, 16);

function define(opcode: i32, gas: u32, takes: u32, gives: u32): void {
  const growth: u32 = gives > takes ? 1 : 0;
  store<u32>(OPCODES + ((<usize>opcode) << 2), EXISTS | (gives << 25) | (growth << 24) | (takes << 16) | gas);
}

function defineRange(first: i32, last: i32, gas: u32, takes: u32, gives: u32): void {
  for (let opcode = first; opcode <= last; opcode++) define(opcode, gas, takes, gives);
}

function endsSegment(opcode: i32): void {
  const entry = OPCODES + ((<usize>opcode) << 2);
  store<u32>(entry, load<u32>(entry) | ENDS_SEGMENT);
}

/** Osaka. Dynamic parts are charged where the instruction is carried out. */
export function defineOpcodes(): void {
  define(0x00, 0, 0, 0); // STOP
  defineRange(0x01, 0x07, 5, 2, 1); // ADD MUL SUB DIV SDIV MOD SMOD
  define(0x01, 3, 2, 1); // ADD
  define(0x03, 3, 2, 1); // SUB
  defineRange(0x08, 0x09, 8, 3, 1); // ADDMOD MULMOD
  define(0x0a, 10, 2, 1); // EXP
  define(0x0b, 5, 2, 1); // SIGNEXTEND
  defineRange(0x10, 0x14, 3, 2, 1); // LT GT SLT SGT EQ
  define(0x15, 3, 1, 1); // ISZERO
  defineRange(0x16, 0x18, 3, 2, 1); // AND OR XOR
  define(0x19, 3, 1, 1); // NOT
  defineRange(0x1a, 0x1d, 3, 2, 1); // BYTE SHL SHR SAR
  define(0x1e, 5, 1, 1); // CLZ
  define(0x20, 30, 2, 1); // KECCAK256
  define(0x30, 2, 0, 1); // ADDRESS
  define(0x31, 0, 1, 1); // BALANCE
  defineRange(0x32, 0x34, 2, 0, 1); // ORIGIN CALLER CALLVALUE
  define(0x35, 3, 1, 1); // CALLDATALOAD
  define(0x36, 2, 0, 1); // CALLDATASIZE
  define(0x37, 3, 3, 0); // CALLDATACOPY
  define(0x38, 2, 0, 1); // CODESIZE
  define(0x39, 3, 3, 0); // CODECOPY
  define(0x3a, 2, 0, 1); // GASPRICE
  define(0x3b, 0, 1, 1); // EXTCODESIZE
  define(0x3c, 0, 4, 0); // EXTCODECOPY
  define(0x3d, 2, 0, 1); // RETURNDATASIZE
  define(0x3e, 3, 3, 0); // RETURNDATACOPY
  define(0x3f, 0, 1, 1); // EXTCODEHASH
  define(0x40, 20, 1, 1); // BLOCKHASH
  defineRange(0x41, 0x46, 2, 0, 1); // COINBASE TIMESTAMP NUMBER PREVRANDAO GASLIMIT CHAINID
  define(0x47, 5, 0, 1); // SELFBALANCE
  define(0x48, 2, 0, 1); // BASEFEE
  define(0x49, 3, 1, 1); // BLOBHASH
  define(0x4a, 2, 0, 1); // BLOBBASEFEE
  define(0x50, 2, 1, 0); // POP
  defineRange(0x51, 0x51, 3, 1, 1); // MLOAD
  defineRange(0x52, 0x53, 3, 2, 0); // MSTORE MSTORE8
  define(0x54, 0, 1, 1); // SLOAD
  define(0x55, 0, 2, 0); // SSTORE
  define(0x56, 8, 1, 0); // JUMP
  define(0x57, 10, 2, 0); // JUMPI
  defineRange(0x58, 0x5a, 2, 0, 1); // PC MSIZE GAS
  define(0x5b, 1, 0, 0); // JUMPDEST
  define(0x5c, 100, 1, 1); // TLOAD
  define(0x5d, 100, 2, 0); // TSTORE
  define(0x5e, 3, 3, 0); // MCOPY
  define(0x5f, 2, 0, 1); // PUSH0
  defineRange(0x60, 0x7f, 3, 0, 1); // PUSH1 to PUSH32
  for (let n = 1; n <= 16; n++) {
    define(0x7f + n, 3, <u32>n, <u32>n + 1); // DUP
    define(0x8f + n, 3, <u32>n + 1, <u32>n + 1); // SWAP
  }
  for (let topics = 0; topics <= 4; topics++) define(0xa0 + topics, <u32>(375 * (topics + 1)), <u32>(2 + topics), 0); // LOG
  define(0xf0, 32000, 3, 1); // CREATE
  define(0xf1, 0, 7, 1); // CALL
  define(0xf2, 0, 7, 1); // CALLCODE
  define(0xf3, 0, 2, 0); // RETURN
  define(0xf4, 0, 6, 1); // DELEGATECALL
  define(0xf5, 32000, 4, 1); // CREATE2
  define(0xfa, 0, 6, 1); // STATICCALL
  define(0xfd, 0, 2, 0); // REVERT
  define(0xff, 5000, 1, 0); // SELFDESTRUCT
  endsSegment(0x00); // STOP
  endsSegment(0x55); // SSTORE
  endsSegment(0x56); // JUMP
  endsSegment(0x57); // JUMPI
  endsSegment(0x5a); // GAS
  // Calls, creations and ends.
  for (let opcode = 0xf0; opcode <= 0xff; opcode++) endsSegment(opcode);
}
