// What the kernel asks of the host: state. Addresses point at words on the stack; results come back in place of operands.
// A price is what the instruction costs beyond its static gas.

/** Slot to value. @returns the price */
export declare function loadSlot(slot: usize): i32;
/** @returns the price */
export declare function storeSlot(slot: usize, value: usize): i32;
export declare function loadTransient(slot: usize): void;
export declare function storeTransient(slot: usize, value: usize): void;
/** Warms the account. @returns the price of the first or a later access */
export declare function accessAccount(address: usize): i32;
export declare function balanceOf(address: usize): void;
export declare function codeSizeOf(address: usize): void;
export declare function codeHashOf(address: usize): void;
/** Writes `length` bytes of the code from `offset` on, zeros behind its end. */
export declare function copyCodeOf(address: usize, offset: u32, to: usize, length: u32): void;
export declare function blockHashOf(number: usize): void;
export declare function emitLog(topics: usize, topicCount: i32, data: usize, length: u32): void;
