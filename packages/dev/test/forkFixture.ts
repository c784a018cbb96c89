// A chain with contracts to be forked, and what tests ask of it and of its forks.
import { alice, COIN, carol, type RunningDev, startDev } from "./devFixture.ts";

export const word = (value: number | bigint | string): string => BigInt(value).toString(16).padStart(64, "0");
export const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

/**
 * One word of data reads that slot; two write the second into the slot that the first names.
 * CALLDATASIZE PUSH1 0x40 EQ PUSH1 0x10 JUMPI, PUSH0 CALLDATALOAD SLOAD PUSH0 MSTORE PUSH1 32 PUSH0 RETURN,
 * JUMPDEST PUSH1 32 CALLDATALOAD PUSH0 CALLDATALOAD SSTORE STOP
 */
export const STORE_CODE = "0x366040146010575f35545f5260205ff35b6020355f355500";
/** Logs its first word of data as a topic: PUSH0 CALLDATALOAD PUSH0 PUSH0 LOG1. */
export const LOG_CODE = "0x5f355f5fa100";
/** BLOCKHASH(first word): PUSH0 CALLDATALOAD BLOCKHASH PUSH0 MSTORE PUSH1 32 PUSH0 RETURN. */
export const HASH_CODE = "0x5f35405f5260205ff3";
/** Destroys itself in favour of HEIR: PUSH1 0xcc SELFDESTRUCT. */
export const DESTRUCT_CODE = "0x60ccff";
export const HEIR = "0x00000000000000000000000000000000000000cc";
export const STORE = "0x0000000000000000000000000000000000057013";
export const LOGGER = "0x000000000000000000000000000000000000106e";
export const HASHER = "0x0000000000000000000000000000000000004a54";
export const DYING = "0x00000000000000000000000000000000000d1e00";
export const PAID = "0x00000000000000000000000000000000000000aa";

export interface Block {
  readonly hash: string;
  readonly parentHash: string;
  readonly number: string;
  readonly timestamp: string;
  readonly baseFeePerGas: string;
}

export const call = (dev: RunningDev, to: string, data: string, tag: string = "latest") =>
  dev.call("eth_call", { to, data }, tag);
export const read = (dev: RunningDev, slot: number, tag?: string) => call(dev, STORE, `0x${word(slot)}`, tag);
export const send = (dev: RunningDev, to: string, data: string, more: object = {}) =>
  dev.call("eth_sendTransaction", { from: alice, to, data, ...more });
export const write = (dev: RunningDev, slot: number, value: number) =>
  send(dev, STORE, `0x${word(slot)}${word(value)}`);
export const blockOf = (dev: RunningDev, number: number) => dev.call<Block>("eth_getBlockByNumber", hex(number), false);

export interface ForkedRemote {
  readonly remote: RunningDev;
  /** Of the block that forks go on from. */
  readonly border: number;
  readonly paymentHash: string;
}

export async function startForkedRemote(): Promise<ForkedRemote> {
  const remote = await startDev();
  for (const [address, code] of [
    [STORE, STORE_CODE],
    [LOGGER, LOG_CODE],
    [HASHER, HASH_CODE],
    [DYING, DESTRUCT_CODE],
  ])
    await remote.call("hardhat_setCode", address, code);
  for (const slot of [1, 2, 3]) await remote.call("hardhat_setStorageAt", STORE, hex(slot), `0x${word(11 * slot)}`);
  await remote.call("hardhat_setBalance", DYING, "0x5");
  await remote.call("hardhat_setBalance", carol, hex(COIN));
  const paymentHash = await send(remote, PAID, "0x", { value: "0x7" });
  await send(remote, LOGGER, `0x${word(1)}`);
  return { remote, border: Number(await remote.call("eth_blockNumber")), paymentHash };
}
