// Small contracts, written by hand in EVM code.
import { BEACON_ROOTS, HISTORY_STORAGE } from "@festina/contracts";
import { hexToBytes } from "@festina/primitives";

/** Init code that leaves `runtime` (at most 255 bytes) as the account's code. */
function initCode(runtime: string): Uint8Array {
  const length = (runtime.length / 2).toString(16).padStart(2, "0");
  return hexToBytes(`0x60${length}600c60003960${length}6000f3${runtime}`);
}

/** Adds one to slot 0 and logs topic 0xaa. */
export const COUNTER = initCode("60005460010160005560aa60006000a100");
export const REVERTER = initCode("60006000fd");
/** Destroys itself while it is created, in its own favour: the value sent is gone. */
export const SELF_BURNER = hexToBytes("0x30ff");

const ask = (address: string): string => `60205f60205f73${address.slice(2)}5afa50`;
/** Slots 0 to 3: EIP-4788's answer for this timestamp, EIP-2935's for the parent, prevRandao, BLOCKHASH of the parent. */
export const CONTEXT_READER = initCode(
  `425f52${ask(BEACON_ROOTS)}5f515f55600143035f52${ask(HISTORY_STORAGE)}5f516001554460025560014303406003${"5500"}`,
);
