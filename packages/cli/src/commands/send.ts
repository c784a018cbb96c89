import { EMPTY_BYTES, hexToBytes, isHex } from "@festina/primitives";
import { typedAddress } from "../input/typedAddress.ts";
import { parseAmount } from "../output/amounts.ts";
import { CliError } from "../output/cliError.ts";
import { type CommandContext, connect, report, typed } from "./context.ts";
import { type SenderOptions, sendAndWait } from "./sender.ts";

export interface SendOptions extends SenderOptions {
  readonly rpc?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** `festina send TO AMOUNT`: a transfer or a call with data, answered when it is final. */
export async function send(context: CommandContext, to: string, amount: string, options: SendOptions): Promise<void> {
  const client = connect(options);
  if (options.data !== undefined && !isHex(options.data))
    throw new CliError("DATA_INVALID", "--data is not 0x and hex digits");
  const call = {
    to: typedAddress(to),
    valueWei: typed(parseAmount(amount)),
    data: options.data === undefined ? EMPTY_BYTES : hexToBytes(options.data),
  };
  const receipt = await sendAndWait(client, options, call);
  report(context, options.json, receipt, [
    `${receipt.transactionHash} is final in block ${Number(receipt.blockNumber)}`,
  ]);
}
