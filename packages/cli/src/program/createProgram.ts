import { Argument, Command } from "commander";
import { completionScript, SHELLS, type Shell } from "../commands/completion.ts";
import { EXIT } from "../output/exitCodes.ts";
import { isColoured, style } from "../output/style.ts";
import { addAccounts } from "./accountCommands.ts";
import { addNetworks } from "./networkCommands.ts";
import { type Definition, examples } from "./options.ts";
import { addReaders } from "./readerCommands.ts";
import { addTransactions } from "./transactionCommands.ts";
import { addWork } from "./workCommands.ts";

const VERSION = "0.1.0";

const EXIT_CODES = `
Exit codes:
  ${EXIT.done}  done
  ${EXIT.failed}  could not do it
  ${EXIT.usage}  asked wrongly
  ${EXIT.unreachable}  no node answers
  ${EXIT.reverted}  a contract reverted
  ${EXIT.notFound}  there is no such block, transaction or account

Environment:
  FESTINA_RPC       node to ask, where --rpc is not given
  FESTINA_PASSWORD  password of the keystore, where --password-file is not given
  NO_COLOR          no colours`;

/** The whole command line. What a command does is loaded when it is asked for, so that \`--help\` answers at once. */
export function createProgram(definition: Definition): Command {
  const { context, asJson } = definition;
  const program = new Command("festina")
    .description("Festina: a proof-of-work snail chain elects a committee, the committee finalises a fast EVM chain")
    .version(VERSION)
    .showHelpAfterError("(add --help for usage)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      // Scripts are told once, as they asked to be: by the caller, from the error that is thrown.
      writeErr: (text) => (asJson ? undefined : context.printError(text.trimEnd())),
      getOutHasColors: () => isColoured(process.stdout),
      getErrHasColors: () => isColoured(process.stderr),
    })
    .configureHelp({ styleTitle: (title) => style(process.stdout, "bold", title) });
  addNetworks(program, definition);
  program.commandsGroup("Send and call:");
  addTransactions(program, definition);
  addAccounts(program, definition);
  program.commandsGroup("Read:");
  addReaders(program, definition);
  addWork(program, definition);
  program.commandsGroup("The command itself:");
  const completion = program
    .command("completion")
    .addArgument(new Argument("<shell>", "whose script to print").choices(SHELLS))
    .description("print a script that lets a shell complete commands and options")
    .action((shell: Shell) => context.print(completionScript(program, shell)));
  examples(
    completion,
    "completion bash > ~/.local/share/bash-completion/completions/festina",
    "completion zsh > ~/.zfunc/_festina",
    "completion fish > ~/.config/fish/completions/festina.fish",
  );
  const version = program
    .command("version", { hidden: true })
    .description("print the version")
    .action(() => context.print(VERSION));
  examples(version, "version");
  program.helpCommand("help [command]", "show how a command is used");
  examples(program, "dev", "deploy Counter.sol", "block --json", "send --help");
  program.addHelpText("after", EXIT_CODES);
  return program;
}
