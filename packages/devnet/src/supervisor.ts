import type { Server } from "node:net";
import { fail, ok, type Result } from "@festina/primitives";
import { type DevnetCommand, listenForCommands } from "./controlChannel.ts";
import { EventPrinter } from "./eventPrinter.ts";
import type { DevnetLayout } from "./layout.ts";
import { ManagedProcess, type ProcessExit } from "./managedProcess.ts";
import type { DevnetManifest } from "./manifest.ts";
import { placeProcesses } from "./prepareDevnet.ts";

/** A node writes its last batch and leaves within this; then it is made to. */
const STOP_PATIENCE_MS = 10_000;

export interface SupervisorOptions {
  readonly layout: DevnetLayout;
  readonly manifest: DevnetManifest;
  /** The command that runs a node, without `--config FILE`. */
  readonly nodeCommand: readonly string[];
  readonly print: (line: string) => void;
}

export interface Supervisor {
  /** Resolves when every process has said that it is ready, or one of them ended first. */
  readonly ready: Promise<Result<void>>;
  stop(): Promise<void>;
}

/** The rest of the network comes up this long after its quorum. */
const REST_DELAY_MS = 1_500;

/** A quorum first, so that the first blocks do not wait for processes that they do not need. */
function startInTurn(processes: readonly ManagedProcess[], members: number): NodeJS.Timeout {
  const quorum = members - Math.floor((members - 1) / 3);
  for (const process of processes.slice(0, quorum)) process.start();
  return setTimeout(() => {
    for (const process of processes.slice(quorum)) process.start();
  }, REST_DELAY_MS);
}

/** Members are asked for by their number alone. */
function shortName(name: string): string {
  return name.startsWith("member-") ? name.slice("member-".length) : name;
}

/** Starts every process of the network, tells of what matters, and obeys `devnet kill` and `devnet restart`. */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { layout, manifest, print } = options;
  const printer = new EventPrinter(print);
  const processes = new Map<string, ManagedProcess>();
  const waiting = new Set<string>();
  let stopping = false;
  let settle: (result: Result<void>) => void = () => undefined;
  const ready = new Promise<Result<void>>((resolve) => {
    settle = resolve;
  });

  function onReady(name: string): void {
    if (!waiting.delete(name)) print(`${name} is back`);
    else if (waiting.size === 0) settle(ok(undefined));
  }

  function onExit(name: string, exit: ProcessExit): void {
    if (stopping) return;
    const how = exit.signal === null ? `code ${exit.code}` : exit.signal;
    print(`${name} is down (${how}); \`festina devnet restart ${shortName(name)}\` brings it back`);
    if (waiting.has(name))
      settle(fail("NODE_FAILED", `${name} ended before it was ready; see ${layout.process(name).logFile}`));
  }

  for (const { name, layout: folder } of placeProcesses(layout, manifest)) {
    const command = [...options.nodeCommand, "--config", folder.configFile];
    const process = new ManagedProcess(
      name,
      command,
      folder,
      (event) => (event.event === "ready" ? onReady(name) : printer.handle(name, event)),
      (exit) => onExit(name, exit),
    );
    processes.set(name, process);
    waiting.add(name);
  }
  const rest = startInTurn([...processes.values()], manifest.members);

  async function handle({ action, process: wanted }: DevnetCommand): Promise<Result<string>> {
    const process = processes.get(wanted);
    if (process === undefined)
      return fail("PROCESS_UNKNOWN", `no ${wanted} here; there are ${[...processes.keys()].join(", ")}`);
    if (action === "kill") {
      if (!process.isRunning) return fail("PROCESS_DOWN", `${process.name} is already down`);
      process.signal("SIGKILL");
      return ok(`${process.name} killed`);
    }
    if (process.isRunning) return fail("PROCESS_UP", `${process.name} is running`);
    process.start();
    return ok(`${process.name} started`);
  }

  const control: Server = await listenForCommands(layout.controlSocket, handle);
  return {
    ready,
    stop: async () => {
      stopping = true;
      clearTimeout(rest);
      control.close();
      await Promise.all([...processes.values()].map((process) => process.stop(STOP_PATIENCE_MS)));
    },
  };
}
