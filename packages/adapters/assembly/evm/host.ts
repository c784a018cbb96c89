// What the kernel asks of the host: state that it has not seen yet, and code. Addresses point at records and words.

/** @returns flags of an account (state/accounts.ts); balance, nonce and code hash are filled in for one that exists */
export declare function loadAccount(account: usize): u32;
/** Puts the account's code into memory and says where in the record. */
export declare function loadCode(account: usize): void;
/** Fills in the slot's value when the run began (state/slots.ts). */
export declare function loadSlot(slot: usize): void;
/** Whether the account had any slot when the run began. */
export declare function hasStorage(account: usize): bool;
/** Puts code that runs once into memory, and says where (CODE_ fields from `to` on). */
export declare function placeInitCode(from: usize, length: u32, to: usize): void;
/** The same for code that an account now has and that is called: into its record. */
export declare function placeCode(from: usize, length: u32, account: usize): void;
export declare function blockHashOf(number: usize): void;

/** In the build that traces: before an instruction, with the registers in the frame. */
export declare function traceStep(frame: usize): void;
/** The frame asks for the call or creation that is requested, whatever becomes of it. */
export declare function traceEnter(opcode: u32, frame: usize): void;
/** What was asked for has ended as the ending says: with this frame, or 0 when there was none. */
export declare function traceExit(frame: usize): void;
