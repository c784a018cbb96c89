// festina account: keys of one's own.
import type { Command } from "commander";
import { type Definition, examples, withKeystore } from "./options.ts";

export function addAccounts(program: Command, { context }: Definition): void {
  const account = program
    .command("account")
    .description("keystore files: version 3, as other Ethereum clients use them");
  const withOptions = (command: Command): Command => withKeystore(command).option("--json", "answer in JSON");
  const load = () => import("../commands/account.ts");
  const made = withOptions(account.command("new").description("make an account")).action(async (options) =>
    (await load()).createAccount(context, options),
  );
  examples(made, "account new", "account new --password-file password.txt --json");
  const imported = withOptions(
    account
      .command("import")
      .argument("<file>", "file with 0x and 64 hex digits, or a keystore file of the same password")
      .description("take over a secret key"),
  ).action(async (file: string, options) => (await load()).importAccount(context, file, options));
  examples(imported, "account import secret.key", "account import geth-keystore.json --password-file password.txt");
  const listed = withOptions(account.command("list").description("list accounts")).action(async (options) =>
    (await load()).listAccounts(context, options),
  );
  examples(listed, "account list", "account list --json");
  const exported = withOptions(
    account
      .command("export")
      .argument("<address>", "account of the keystore's folder")
      .description("write a secret key into a file of its own")
      .requiredOption("--out <file>", "file to write; it must not be there yet"),
  ).action(async (address: string, options) => (await load()).exportAccount(context, address, options));
  examples(exported, "account export 0x7099... --out secret.key");
  examples(
    account,
    "account new",
    "account import geth-keystore.json --password-file password.txt",
    "account list --json",
  );
}
