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
  /** The command that loads a node and runs it once told to, without `--config FILE`. */
  readonly nodeCommand: readonly string[];
  readonly print: (line: string) => void;
}

export interface Supervisor {
  /** Every process runs. Their folders and configuration are in place. */
  start(): Promise<void>;
  /** Resolves when every process has said that it is ready, or one of them ended first. */
  readonly ready: Promise<Result<void>>;
  stop(): Promise<void>;
}

/** Members that can finalise blocks among themselves. */
function quorumOf(members: number): number {
  return members - Math.floor((members - 1) / 3);
}

/** Members are asked for by their number alone. */
function shortName(name: string): string {
  return name.startsWith("member-") ? name.slice("member-".length) : name;
}

/**
 * Runs every process of the network, tells of what matters, and obeys `devnet kill` and `devnet restart`. A quorum comes
 * first, and is loaded from this moment on: the rest would only slow down the first blocks, which do not need it.
 */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { layout, manifest, print } = options;
  const printer = new EventPrinter(print);
  const processes = new Map<string, ManagedProcess>();
  const waiting = new Set<string>();
  let isStopping = false;
  let isRestStarted = false;
  let control: Server | null = null;
  let settle: (result: Result<void>) => void = () => undefined;
  const ready = new Promise<Result<void>>((resolve) => {
    settle = resolve;
  });

  function onReady(name: string): void {
    if (!waiting.delete(name)) print(`${name} is back`);
    else if (waiting.size === 0) settle(ok(undefined));
    else if (quorum.every((process) => !waiting.has(process.name))) startRest();
  }

  function onExit(name: string, exit: ProcessExit): void {
    if (isStopping) return;
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
  const quorum = [...processes.values()].slice(0, quorumOf(manifest.members));
  for (const process of quorum) process.preload();

  function startRest(): void {
    if (isRestStarted || isStopping) return;
    isRestStarted = true;
    for (const process of processes.values()) if (!quorum.includes(process)) process.start();
  }

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

  return {
    ready,
    start: async () => {
      control = await listenForCommands(layout.controlSocket, handle);
      for (const process of quorum) process.start();
    },
    stop: async () => {
      isStopping = true;
      control?.close();
      await Promise.all([...processes.values()].map((process) => process.stop(STOP_PATIENCE_MS)));
    },
  };
}
