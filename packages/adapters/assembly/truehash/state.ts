// The state of a hash under way: 2,048 bits in little-endian words.

export const WORDS: usize = 32;
export const BYTES: usize = 256;

export const STATE: usize = memory.data(256, 16);
/** A round's product; two words more, so that rotating needs no wrapping. */
export const OUT: usize = memory.data(272, 16);
