// Parameters that methods of several kinds take.
import { needs, takes } from "./describedMethod.ts";
import { ADDRESS, BLOCK, CALL, HASH, QUANTITY } from "./schemas.ts";

export const address = needs("address", ADDRESS);
/** The newest one where it is left out. */
export const block = takes("block", BLOCK);
export const blockHash = needs("blockHash", HASH);
export const call = needs("transaction", CALL);
export const nonce = needs("nonce", QUANTITY);
export const transactionHash = needs("transactionHash", HASH);
export const whichBlock = needs("block", BLOCK);
