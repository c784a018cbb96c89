import { type PasswordOptions, readPassword } from "../../input/password.ts";
import { createSeatFolder } from "../../seat/seatFolder.ts";
import { type CommandContext, report } from "../context.ts";

export interface KeysOptions extends PasswordOptions {
  readonly out: string;
  readonly json?: boolean;
}

/** `festina validator keys --out DIR`: a signing key and an owner account, encrypted, with an empty signing record. */
export async function createKeys(context: CommandContext, options: KeysOptions): Promise<void> {
  const { out } = options;
  const { identity } = createSeatFolder(out, await readPassword(options, true));
  const { address, publicKey, proofOfPossession } = identity;
  report(context, options.json, { address, publicKey, proofOfPossession }, [
    `validator  ${address}`,
    `public key ${publicKey}`,
    `proof      ${proofOfPossession}`,
    `keys are in ${out}: one folder, one network, one node at a time; without the password the deposit is lost`,
    `register with: festina validator register --keys ${out} --deposit 2500ether`,
  ]);
}
