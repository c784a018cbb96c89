// Instructions by the names that Ethereum tools show.

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries({
    0: "STOP ADD MUL SUB DIV SDIV MOD SMOD ADDMOD MULMOD EXP SIGNEXTEND",
    16: "LT GT SLT SGT EQ ISZERO AND OR XOR NOT BYTE SHL SHR SAR CLZ",
    32: "KECCAK256",
    48: "ADDRESS BALANCE ORIGIN CALLER CALLVALUE CALLDATALOAD CALLDATASIZE CALLDATACOPY CODESIZE CODECOPY GASPRICE",
    59: "EXTCODESIZE EXTCODECOPY RETURNDATASIZE RETURNDATACOPY EXTCODEHASH",
    // The randomness of PREVRANDAO has kept the name of what it replaced.
    64: "BLOCKHASH COINBASE TIMESTAMP NUMBER DIFFICULTY GASLIMIT CHAINID SELFBALANCE BASEFEE BLOBHASH BLOBBASEFEE",
    80: "POP MLOAD MSTORE MSTORE8 SLOAD SSTORE JUMP JUMPI PC MSIZE GAS JUMPDEST TLOAD TSTORE MCOPY PUSH0",
    96: Array.from({ length: 32 }, (_, index) => `PUSH${index + 1}`).join(" "),
    128: Array.from({ length: 16 }, (_, index) => `DUP${index + 1}`).join(" "),
    144: Array.from({ length: 16 }, (_, index) => `SWAP${index + 1}`).join(" "),
    160: "LOG0 LOG1 LOG2 LOG3 LOG4",
    240: "CREATE CALL CALLCODE RETURN DELEGATECALL CREATE2",
    250: "STATICCALL",
    253: "REVERT INVALID SELFDESTRUCT",
  }).flatMap(([first, names]) =>
    names.split(" ").map((name, index): [number, string] => [Number(first) + index, name]),
  ),
);

export function instructionName(opcode: number): string {
  return NAMES.get(opcode) ?? `opcode 0x${opcode.toString(16)} not defined`;
}
