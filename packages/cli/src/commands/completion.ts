// Completion scripts for shells, made from the commands themselves.
import type { Command, Option } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

interface Node {
  /** Words after `festina`, joined by blanks; empty for the command itself. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly { readonly name: string; readonly about: string; readonly choices: readonly string[] }[];
}

function describeOption(option: Option) {
  return { name: option.long ?? option.short ?? "", about: option.description, choices: option.argChoices ?? [] };
}

function nodesOf(command: Command, path: string): readonly Node[] {
  const { commands } = command;
  const own: Node = {
    path,
    commands: commands.map((each) => ({ name: each.name(), about: each.description() })),
    options: [...command.options.map(describeOption), { name: "--help", about: "show how it is used", choices: [] }],
  };
  return [own, ...commands.flatMap((each) => nodesOf(each, path === "" ? each.name() : `${path} ${each.name()}`))];
}

function bashScript(nodes: readonly Node[]): string {
  const wordCases = nodes.map(({ path, commands, options }) => {
    const words = [...commands.map(({ name }) => name), ...options.map(({ name }) => name)];
    return `    "${path}") words="${words.join(" ")}" ;;`;
  });
  const choices = new Map(nodes.flatMap(({ options }) => options.map((option) => [option.name, option.choices])));
  const choiceCases = [...choices]
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `    ${name}) COMPREPLY=($(compgen -W "${values.join(" ")}" -- "$current")); return ;;`);
  const paths = nodes.filter(({ path }) => path !== "").map(({ path }) => `"${path}"`);
  return `# festina completion for bash: festina completion bash > ~/.local/share/bash-completion/completions/festina
_festina() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" next word words=""
  case "$previous" in
${choiceCases.join("\n")}
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$next" in
    ${paths.join("|")}) path="$next" ;;
    esac
  done
  case "$path" in
${wordCases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _festina festina`;
}

function zshScript(nodes: readonly Node[]): string {
  return `#compdef festina
# festina completion for zsh: festina completion zsh > a folder of $fpath, as _festina
autoload -U +X bashcompinit && bashcompinit
${bashScript(nodes)}`;
}

const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function fishScript(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ path, commands, options }) => {
    const names = commands.map(({ name }) => name).join(" ");
    const seen =
      path === "" ? "" : `__fish_seen_subcommand_from ${path.split(" ").join("; and __fish_seen_subcommand_from ")}`;
    const unseen = names === "" ? "" : `not __fish_seen_subcommand_from ${names}`;
    const here = [seen, unseen].filter((each) => each !== "").join("; and ");
    return [
      ...commands.map(({ name, about }) => `complete -c festina -f -n ${quote(here)} -a ${name} -d ${quote(about)}`),
      ...options
        .filter(({ name }) => name.startsWith("--"))
        .map(({ name, about, choices }) => {
          const values = choices.length === 0 ? "" : ` -xa ${quote(choices.join(" "))}`;
          return `complete -c festina${seen === "" ? "" : ` -n ${quote(seen)}`} -l ${name.slice(2)} -d ${quote(about)}${values}`;
        }),
    ];
  });
  return [
    "# festina completion for fish: festina completion fish > ~/.config/fish/completions/festina.fish",
    ...lines,
  ].join("\n");
}

/** The script that a shell reads. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = nodesOf(program, "");
  if (shell === "bash") return bashScript(nodes);
  return shell === "zsh" ? zshScript(nodes) : fishScript(nodes);
}
