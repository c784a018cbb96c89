// Where things lie in linear memory, and how kernel and host talk. `src/evm/kernelLayout.ts` says the same to the host.

/** Fields of a frame: one call or creation that runs. Addresses and lengths are u32, gas is i64, words are 32 bytes. */
export const FRAME_CODE: usize = 0;
export const FRAME_CODE_LENGTH: usize = 4;
/** One byte per byte of code: 1 where a jump may land. */
export const FRAME_JUMP_TARGETS: usize = 8;
/** Offset in the code of the next instruction. */
export const FRAME_PC: usize = 12;
/** Address below the first word of this frame's stack; the stack of a child begins above it. */
export const FRAME_STACK: usize = 16;
/** Address of the top word. */
export const FRAME_TOP: usize = 20;
export const FRAME_MEMORY: usize = 24;
/** Bytes, a multiple of 32. */
export const FRAME_MEMORY_SIZE: usize = 28;
export const FRAME_INPUT: usize = 32;
export const FRAME_INPUT_LENGTH: usize = 36;
export const FRAME_IS_STATIC: usize = 40;
export const FRAME_OUTPUT: usize = 44;
export const FRAME_OUTPUT_LENGTH: usize = 48;
/** Where each place of the code is entered, for code that has been compiled; the kernel does not read it. */
export const FRAME_FUNCTIONS: usize = 52;
export const FRAME_GAS: usize = 56;
export const FRAME_ADDRESS: usize = 64;
export const FRAME_CALLER: usize = 96;
export const FRAME_VALUE: usize = 128;
/** Record of the account whose storage the frame uses (state/accounts.ts). */
export const FRAME_SELF: usize = 160;
/** What a failure takes back: everything after these marks. */
export const FRAME_JOURNAL_MARK: usize = 164;
export const FRAME_LOG_MARK: usize = 168;
export const FRAME_IS_CREATION: usize = 172;
/** Address of the word that becomes the result; 0 for the run's first frame. */
export const FRAME_RESULT: usize = 176;
/** Where in memory the caller wants the output, and how much of it. */
export const FRAME_WANTED: usize = 180;
export const FRAME_WANTED_LENGTH: usize = 184;
/** Place in the table of functions of the one that runs this code; 0 for code that is not compiled. */
export const FRAME_RUNNER: usize = 188;
export const FRAME_REFUND_MARK: usize = 192;
export const FRAME_BYTES: i32 = 208;

/** Frames at once: a transaction's own and 1,024 below it. */
export const FRAMES_MAX: i32 = 1025;

/** Words of the transaction and the block, in this order. */
export const CONTEXT_ORIGIN: usize = 0;
export const CONTEXT_GAS_PRICE: usize = 32;
export const CONTEXT_COINBASE: usize = 64;
export const CONTEXT_TIMESTAMP: usize = 96;
export const CONTEXT_NUMBER: usize = 128;
export const CONTEXT_PREV_RANDAO: usize = 160;
export const CONTEXT_GAS_LIMIT: usize = 192;
export const CONTEXT_CHAIN_ID: usize = 224;
export const CONTEXT_BASE_FEE: usize = 256;
export const CONTEXT_BLOB_BASE_FEE: usize = 288;
export const CONTEXT_BYTES: i32 = 320;

/** Three operands and a result. */
export const SCRATCH_BYTES: i32 = 128;

export const WORD: usize = 32;
export const STACK_WORDS_MAX: usize = 1024;

/** The frame is not done. */
export const GOES_ON: i32 = -1;
/** Why `run` came back. */
export const STATUS_STOP: i32 = 0;
export const STATUS_RETURN: i32 = 1;
export const STATUS_REVERT: i32 = 2;
export const STATUS_OUT_OF_GAS: i32 = 3;
export const STATUS_STACK_UNDERFLOW: i32 = 4;
export const STATUS_STACK_OVERFLOW: i32 = 5;
export const STATUS_INVALID_JUMP: i32 = 6;
export const STATUS_INVALID_OPCODE: i32 = 7;
export const STATUS_OUT_OF_RANGE: i32 = 8;
export const STATUS_STATIC_STATE_CHANGE: i32 = 9;
/** A call or creation is to begin: the operands are on the stack still, memory is as large as they need it. */
export const STATUS_CALL: i32 = 16;
export const STATUS_CREATE: i32 = 17;
export const STATUS_SELF_DESTRUCT: i32 = 18;
/** The slice is used up: the frame goes on from where it stands. */
export const STATUS_PAUSED: i32 = 19;
/** Ends that are the host's or the rules' of calls, not the code's. */
export const STATUS_CREATE_COLLISION: i32 = 10;
export const STATUS_CODE_INVALID: i32 = 11;
export const STATUS_CODE_TOO_LARGE: i32 = 12;
export const STATUS_PRECOMPILE_FAILED: i32 = 13;
/** Whoever is sent value has so much that a word would not hold it; only balances that somebody set can be like that. */
export const STATUS_BALANCE_OVERFLOW: i32 = 14;
/** What `execute` answers with: the run has ended, a precompiled contract is to be run by the host, or a slice is used up. */
export const RUN_ENDED: i32 = 0;
export const RUN_WAITS: i32 = 1;
export const RUN_PAUSED: i32 = 2;
