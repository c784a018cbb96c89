// Takes the chain out of tables that nobody vouches for: a node on them is the only peer of a node on a folder that is still
// empty, and what the latter believes is what it would believe of any stranger.
import { createMemoryHub, formatPeerAddress, type NodeId } from "@festina/network";
import { type Clock, fail, ok, pause, type Result, type Timer } from "@festina/primitives";
import type { NodeAdapters } from "../adaptersPort.ts";
import type { NodeConfig } from "../config/nodeConfig.ts";
import { createNode, type FestinaNode, type NodeSettings } from "../createNode.ts";
import type { Log, LogFacts } from "../log.ts";
import type { SnapshotHeader } from "./snapshotFile.ts";

const POLL_MS = 100;
/** Without any step forward the file does not hold what it promises. */
const PATIENCE_MS = 60_000;
const idOf = (byte: number) => `0x${byte.toString(16).padStart(2, "0").repeat(32)}` as NodeId;
const HOST = "memory";
/** What the node says of a peer that lied. */
const REFUSALS: ReadonlySet<string> = new Set(["syncPeerDropped", "syncRefused"]);

export type TakeSnapshotFailureCode = "SNAPSHOT_UNUSABLE";

export interface TakenSnapshot {
  readonly number: number;
  readonly hash: string;
  readonly snailNumber: number;
}

const unusable = (message: string): Result<never, TakeSnapshotFailureCode> => fail("SNAPSHOT_UNUSABLE", message);

function settingsOf(settings: NodeSettings, peers: readonly string[]): NodeSettings {
  const network = { host: HOST, port: 1, nodeKeyFile: "", peers: [...peers], discovery: false };
  const config: NodeConfig = { ...settings.config, rpc: null, validator: null, miner: null, network };
  const { metrics: _, ...plain } = config;
  return { ...settings, validator: null, developmentAccounts: [], config: { ...plain, sync: { mode: "snapshot" } } };
}

/** A clock that can be ended: a node that waits for a peer it will not get again would otherwise wait for ever. */
function endable(clock: Clock): { readonly clock: Clock; end(): void } {
  const timers = new Set<Timer>();
  let isEnded = false;
  return {
    clock: {
      nowMs: () => clock.nowMs(),
      setTimer: (delayMs, onElapsed) => {
        if (isEnded) return { cancel: () => undefined };
        const timer: Timer = clock.setTimer(delayMs, () => {
          timers.delete(timer);
          onElapsed();
        });
        timers.add(timer);
        return timer;
      },
    },
    end: () => {
      isEnded = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}

/** What the node that believes nothing says of its peer, and when it last got on. */
class Listener {
  refusal: string | null = null;
  #step = "";
  #steppedAtMs: number;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#steppedAtMs = clock.nowMs();
  }

  onStep(step: string): void {
    if (step === this.#step) return;
    this.#step = step;
    this.#steppedAtMs = this.#clock.nowMs();
  }

  watch(log: Log): Log {
    const hear = (event: string, facts: LogFacts = {}): void => {
      if (REFUSALS.has(event)) this.refusal = String(facts["message"] || event);
      this.onStep(`${event} ${facts["done"] ?? facts["number"] ?? ""}`);
    };
    const heard =
      (say: Log["info"]): Log["info"] =>
      (event, facts) => {
        hear(event, facts);
        say(event, facts);
      };
    return { debug: log.debug, info: heard(log.info), warn: heard(log.warn), error: heard(log.error) };
  }

  /** Why nothing more is to be hoped for; `null` while there is. */
  end(): string | null {
    if (this.refusal !== null) return this.refusal;
    const isStuck = this.#clock.nowMs() - this.#steppedAtMs > PATIENCE_MS;
    return isStuck ? "nothing more could be taken from it" : null;
  }
}

/**
 * `broken` resolves with what went wrong where nobody awaits it: damaged tables break invariants of the node that serves them.
 *
 * @throws OperationError when the folder to fill does not open
 */
export async function takeSnapshot(
  settings: NodeSettings,
  source: NodeAdapters,
  target: NodeAdapters,
  promised: SnapshotHeader,
  broken: Promise<unknown>,
): Promise<Result<TakenSnapshot, TakeSnapshotFailureCode>> {
  const { clock, end } = endable(target.clock);
  const hub = createMemoryHub({ clock: target.clock, latencyMs: 0 });
  const listener = new Listener(target.clock);
  let serving: FestinaNode;
  try {
    serving = await createNode(settingsOf(settings, []), { ...source, transport: hub.createTransport(idOf(1)) });
  } catch (error) {
    // Tables that lie may break whatever reads them.
    return unusable(`its tables cannot be read: ${(error as Error).message}`);
  }
  const held: { taking: FestinaNode | null; failure: unknown } = { taking: null, failure: null };
  void Promise.race([serving.failed, broken]).then((reason) => {
    listener.refusal ??= `its tables cannot be served: ${String(reason)}`;
  });
  try {
    const { hash } = serving.backend.chain.blockByNumber(promised.headNumber)?.block ?? {};
    if (hash !== promised.headHash) return unusable("its newest block is not the one that it promises");
    const peer = formatPeerAddress({ nodeId: idOf(1), host: HOST, port: 1 });
    const adapters = { ...target, clock, log: listener.watch(target.log), transport: hub.createTransport(idOf(2)) };
    createNode(settingsOf(settings, [peer]), adapters)
      .then((taking) => {
        held.taking = taking;
      })
      .catch((error: unknown) => {
        held.failure = error;
      });
    const { snailNumber } = serving.backend.status();
    for (;;) {
      if (held.failure !== null) throw held.failure;
      const status = held.taking?.backend.status();
      if (status !== undefined) {
        listener.onStep([status.headNumber, status.snailNumber, status.heldFrom].join());
        const isWhole = status.heldFrom === undefined && status.snailNumber >= snailNumber;
        if (status.headNumber >= promised.headNumber && isWhole)
          return ok({ number: status.headNumber, hash: status.headHash, snailNumber: status.snailNumber });
      }
      const why = listener.end();
      if (why !== null) return unusable(why);
      await pause(target.clock, POLL_MS);
    }
  } finally {
    await held.taking?.stop();
    end();
    await serving.stop();
  }
}
