import { createSignatureSuite } from "@festina/adapters";
import type { ChainSpec } from "@festina/chainspec";
import { encodeReady, encodeRegister, encodeUnjail, expandBlsKey, expandBlsSignature } from "@festina/contracts";
import { REGISTERED_KEY_BYTES } from "@festina/crypto";
import { EMPTY_BYTES, hexToBytes } from "@festina/primitives";
import { typedAddress } from "../../input/typedAddress.ts";
import { formatCoins, parseAmount } from "../../output/amounts.ts";
import { CliError } from "../../output/cliError.ts";
import { openSeatFolder, readSeatFolder } from "../../seat/seatFolder.ts";
import { askNetwork } from "../askNetwork.ts";
import { type CommandContext, connect, orThrow, report, typed } from "../context.ts";
import { sendAndWait } from "../sender.ts";
import { actAsOwner, findCandidate, type SeatOptions } from "./registry.ts";

export interface RegisterOptions extends SeatOptions {
  readonly deposit: string;
  readonly payout?: string;
  readonly fundFrom?: string;
}

/** Left with the owner for the gas of registering and of many `ready()`. */
const GAS_MONEY_WEI = 10n ** 18n;

/** What the network's suite signs votes with besides the BLS key; nothing where it signs all with that. */
function votingKeyFor({ signatureSuite }: ChainSpec, signingKey: Uint8Array): Uint8Array {
  return createSignatureSuite(signatureSuite).publicKey(signingKey).subarray(REGISTERED_KEY_BYTES);
}

/** `festina validator register`: deposit, key and proof by an ordinary transaction, then `ready()`. */
export async function registerValidator(context: CommandContext, options: RegisterOptions): Promise<void> {
  const client = connect(options);
  const { address: owner } = readSeatFolder(options.keys);
  const depositWei = typed(parseAmount(options.deposit));
  const payout = options.payout === undefined ? owner : typedAddress(options.payout);
  if ((await findCandidate(client, owner)) !== null)
    throw new CliError("ALREADY_REGISTERED", `${owner} is registered already; festina validator status tells more`);
  const { spec } = await askNetwork(client);
  const { signingKey, ownerKey, identity } = await openSeatFolder(options.keys, options);
  if (options.fundFrom !== undefined) {
    const fund = { to: owner, valueWei: depositWei + GAS_MONEY_WEI, data: EMPTY_BYTES };
    await sendAndWait(client, { from: options.fundFrom }, fund);
  }
  const balanceWei = BigInt(await client.call<string>("eth_getBalance", [owner, "latest"]));
  if (balanceWei <= depositWei)
    throw new CliError(
      "DEPOSIT_MISSING",
      `the owner ${owner} has ${formatCoins(balanceWei)} coins; send it the deposit and one more for gas first`,
    );
  const key = orThrow(expandBlsKey(hexToBytes(identity.publicKey)));
  const proofOfPossession = orThrow(expandBlsSignature(hexToBytes(identity.proofOfPossession)));
  const data = encodeRegister({ key, proofOfPossession, votingKey: votingKeyFor(spec, signingKey), payout });
  const registration = { data, valueWei: depositWei };
  const registered = await actAsOwner(client, ownerKey, registration, "register");
  const ready = await actAsOwner(client, ownerKey, { data: encodeReady() }, "ready");
  const value = { validator: owner, registered: registered.transactionHash, ready: ready.transactionHash };
  report(context, options.json, value, [
    `${owner} is registered and ready`,
    `it takes part in elections while its node runs and fruits name it: festina validator support --keys ${options.keys}`,
  ]);
}

/** `festina validator unjail`: asks back after too many missed votes. */
export async function unjailValidator(context: CommandContext, options: SeatOptions): Promise<void> {
  const { ownerKey, identity } = await openSeatFolder(options.keys, options);
  const what = "unjail (is the validator jailed?)";
  const { transactionHash } = await actAsOwner(connect(options), ownerKey, { data: encodeUnjail() }, what);
  report(context, options.json, { validator: identity.address, transaction: transactionHash }, [
    `${identity.address} may be elected again; its node says ready() once per election window while it runs`,
  ]);
}
