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

/** What every shell with `case` needs: names that follow a line of commands, values that follow an option. */
function casesOf(nodes: readonly Node[]) {
  const offers = nodes.map(({ path, commands, options }) => ({
    path,
    words: [...commands, ...options].map(({ name }) => name).join(" "),
  }));
  const values = new Map(nodes.flatMap(({ options }) => options.map(({ name, choices }) => [name, choices.join(" ")])));
  const paths = offers.filter(({ path }) => path !== "").map(({ path }) => `"${path}"`);
  return { offers, values: [...values].filter(([, words]) => words !== ""), paths: paths.join("|") };
}

function bashScript(nodes: readonly Node[]): string {
  const { offers, values, paths } = casesOf(nodes);
  const valueCases = values.map(
    ([name, words]) => `    ${name}) COMPREPLY=($(compgen -W "${words}" -- "$current")); return ;;`,
  );
  return `# festina completion for bash: festina completion bash > ~/.local/share/bash-completion/completions/festina
_festina() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" line="" next word offers=""
  case "$previous" in
${valueCases.join("\n")}
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${line:+$line }$word"
    case "$next" in
    ${paths}) line="$next" ;;
    esac
  done
  case "$line" in
${offers.map(({ path, words }) => `    "${path}") offers="${words}" ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$offers" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _festina festina`;
}

/** Works as a file of $fpath, where zsh calls it by its name, and where it is sourced. */
function zshScript(nodes: readonly Node[]): string {
  const { offers, values, paths } = casesOf(nodes);
  return `#compdef festina
# festina completion for zsh: festina completion zsh > a folder of $fpath, as _festina
_festina() {
  local line="" next
  local -i index
  local -a offers
  case "\${words[CURRENT-1]}" in
${values.map(([name, words]) => `    ${name}) compadd -- ${words}; return ;;`).join("\n")}
  esac
  for (( index = 2; index < CURRENT; index++ )); do
    next="\${line:+$line }\${words[index]}"
    case "$next" in
    ${paths}) line="$next" ;;
    esac
  done
  case "$line" in
${offers.map(({ path, words }) => `    "${path}") offers=(${words}) ;;`).join("\n")}
  esac
  compadd -- $offers || _files
}
if [ "$funcstack[1]" = "_festina" ]; then _festina "$@"; else compdef _festina festina; fi`;
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
