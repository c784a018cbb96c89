import type { Address } from "@festina/primitives";

/** Accounts with a meaning to the protocol, in every network the same. */

/** Deposits, keys and payout addresses of validators: `solidity/ValidatorRegistry.sol`. */
export const VALIDATOR_REGISTRY = "0x000000000000000000000000000000000000f001" as Address;

/** Holds priority fees and the fees of sponsored transactions until the committee is paid. An account without code. */
export const FEE_POT = "0x000000000000000000000000000000000000f002" as Address;

/** Whom system contracts see when the protocol itself calls (EIP-4788, EIP-2935). Nobody has its key. */
export const SYSTEM_CALLER = "0xfffffffffffffffffffffffffffffffffffffffe" as Address;

/** Serves `parentBeaconBlockRoot`, here the hash of the snail block pointed to, by timestamp (EIP-4788). */
export const BEACON_ROOTS = "0x000f3df6d732807ef1319fb7b8bb8522d0beac02" as Address;

/** Serves the hashes of the last 8,191 blocks (EIP-2935). */
export const HISTORY_STORAGE = "0x0000f90827f1c53a10cb7a02335b175320002935" as Address;
