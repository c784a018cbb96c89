// What a call or creation that is about to begin asks for. There is one at a time; the host fills in a run's first.

/** Gas that it may use, i64. */
export const REQUEST_GAS: usize = 0;
/** Whose storage it uses; of a creation, where the contract goes. */
export const REQUEST_ADDRESS: usize = 32;
export const REQUEST_CODE_ADDRESS: usize = 64;
export const REQUEST_CALLER: usize = 96;
export const REQUEST_VALUE: usize = 128;
/** Call data, or the init code. */
export const REQUEST_INPUT: usize = 160;
export const REQUEST_INPUT_LENGTH: usize = 164;
export const REQUEST_WANTED: usize = 168;
export const REQUEST_WANTED_LENGTH: usize = 172;
/** Address of the word that becomes the result; 0 for a run's first call. */
export const REQUEST_RESULT: usize = 176;
export const REQUEST_IS_STATIC: usize = 180;
export const REQUEST_IS_CREATION: usize = 184;
/** Not for DELEGATECALL, which only shows its caller's value. */
export const REQUEST_MOVES_VALUE: usize = 188;
/** The code is that of the account to which the callee delegates (EIP-7702). */
export const REQUEST_IS_DELEGATED: usize = 192;
const REQUEST_BYTES: i32 = 208;

export const REQUEST: usize = memory.data(REQUEST_BYTES, 16);
