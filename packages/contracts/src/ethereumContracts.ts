import type { Hex } from "@festina/primitives";

/**
 * Ethereum's own system contracts, byte for byte as the deployment transactions in EIP-4788 and EIP-2935 create them.
 * Genesis puts them in place; outside tools then find what they expect.
 */

export const BEACON_ROOTS_CODE: Hex =
  "0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500";

export const HISTORY_STORAGE_CODE: Hex =
  "0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";

/** Both keep rings of this many words; the first keeps a ring of timestamps and, after it, one of roots. */
export const SYSTEM_RING_WORDS = 8_191;
