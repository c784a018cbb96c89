import { createSystemClock } from "@festina/adapters";
import { encodeRequestExit, encodeWithdraw } from "@festina/contracts";
import { type Address, EMPTY_BYTES, pause } from "@festina/primitives";
import type { RpcClient } from "@festina/rpc";
import { typedAddress } from "../../input/typedAddress.ts";
import { formatCoins } from "../../output/amounts.ts";
import { CliError } from "../../output/cliError.ts";
import { openSeatFolder } from "../../seat/seatFolder.ts";
import { type CommandContext, connect, report } from "../context.ts";
import { signAndSend, waitForReceipt } from "../sender.ts";
import { actAsOwner, findWithdrawableAt, requireCandidate, type SeatOptions } from "./registry.ts";

export interface ExitOptions extends SeatOptions {
  /** Stay until the deposit is free, and take it. */
  readonly wait?: boolean;
  /** Then send everything that the owner holds there. */
  readonly to?: string;
}

const POLL_MS = 1_000;
const TRANSFER_GAS = 21_000;

async function secondsUntilFree(client: RpcClient, owner: Address): Promise<number | null> {
  const [freeAt, head] = await Promise.all([
    findWithdrawableAt(client, owner),
    client.call<{ timestamp: string }>("eth_getBlockByNumber", ["latest", false]),
  ]);
  return freeAt === null ? null : Math.max(0, freeAt - Number(head.timestamp));
}

/** Sends all but what the gas may cost; answers with the amount. */
async function sweep(client: RpcClient, ownerKey: Uint8Array, owner: Address, to: Address): Promise<bigint> {
  const [balance, gasPrice] = await Promise.all([
    client.call<string>("eth_getBalance", [owner, "latest"]),
    client.call<string>("eth_gasPrice"),
  ]);
  // Senders offer twice the price of now.
  const valueWei = BigInt(balance) - BigInt(TRANSFER_GAS) * BigInt(gasPrice) * 4n;
  if (valueWei <= 0n) return 0n;
  const call = { to, valueWei, data: EMPTY_BYTES };
  const receipt = await waitForReceipt(client, await signAndSend(client, ownerKey, call, { gasLimit: TRANSFER_GAS }));
  if (receipt.status !== "0x1") throw new CliError("REVERTED", `${to} did not take the coins`);
  return valueWei;
}

/** `festina validator exit`: asks to leave, and takes the deposit back once it is free. May be run as often as one likes. */
export async function exitValidator(context: CommandContext, options: ExitOptions): Promise<void> {
  const client = connect(options);
  const clock = createSystemClock();
  const to = options.to === undefined ? null : typedAddress(options.to);
  const { ownerKey, identity } = await openSeatFolder(options.keys, options);
  const { address: validator } = identity;
  const candidate = await requireCandidate(client, validator);
  if (candidate.slashed) throw new CliError("SLASHED", `${validator} was slashed: there is no deposit left`);
  const tell = (line: string): void => {
    if (options.json !== true) context.print(line);
  };
  if (candidate.exitRequestedAt === 0) {
    await actAsOwner(client, ownerKey, { data: encodeRequestExit() }, "requestExit");
    tell(`${validator} asked to leave: no seats from the next epoch on`);
  }
  let left = await secondsUntilFree(client, validator);
  let told: string | null = null;
  while (left !== 0) {
    const when = left === null ? "once its term is over; keep its node running until then" : `in ${left} s`;
    const isNews = told === null || (told.startsWith("once") && left !== null);
    if (isNews) tell(`the deposit of ${formatCoins(candidate.depositWei)} coins is unlocked ${when}`);
    told = when;
    if (options.wait !== true) {
      const value = { validator, isWithdrawn: false, depositWei: candidate.depositWei, unlockedInSeconds: left };
      report(context, options.json, value, [
        `take it then with: festina validator exit --keys ${options.keys} (--wait stays until then)`,
      ]);
      return;
    }
    await pause(clock, POLL_MS);
    left = await secondsUntilFree(client, validator);
  }
  await actAsOwner(client, ownerKey, { data: encodeWithdraw() }, "withdraw");
  const sentWei = to === null ? 0n : await sweep(client, ownerKey, validator, to);
  const value = { validator, isWithdrawn: true, depositWei: candidate.depositWei, unlockedInSeconds: 0, to, sentWei };
  report(context, options.json, value, [
    `the deposit of ${formatCoins(candidate.depositWei)} coins is back with ${validator}`,
    ...(to === null ? [] : [`sent ${formatCoins(sentWei)} coins to ${to}`]),
  ]);
}
