import type { Method } from "../jsonRpc/dispatch.ts";
import { Params } from "../jsonRpc/params.ts";
import { invalidParams } from "../jsonRpc/rpcError.ts";
import type { RpcBackend } from "../ports.ts";
import { minedDetails } from "./detailedMining.ts";
import type { DevelopmentGate } from "./developmentPort.ts";
import { silenced } from "./families.ts";
import { parseCount } from "./parseControl.ts";

const BLOCKS_MAX = 1_000_000;
const INTERVAL_SECONDS_MAX = 4_000_000_000;
/**
 * 2^42: suites go beyond what contracts keep in 40 bits, and milliseconds stay exact (2^53) and dates (8.64e12 s) far
 * behind it.
 */
export const TIME_SECONDS_MAX = 2 ** 42;
const TIME_MS_MAX = TIME_SECONDS_MAX * 1000;

function setNextTime(gate: DevelopmentGate, timeMs: number): void {
  const set = gate.setNextTime(timeMs);
  if (!set.ok) throw invalidParams(set.error.message);
}

/** `evm_mine`: a timestamp, or `{ timestamp, blocks }`. */
async function mineOnce(gate: DevelopmentGate, value: unknown): Promise<string> {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    const { timestamp, blocks } = value as { readonly timestamp?: unknown; readonly blocks?: unknown };
    const count = blocks === undefined || blocks === null ? 1 : parseCount(blocks, "blocks", BLOCKS_MAX);
    await mineAt(gate, count, timestamp);
  } else await mineAt(gate, 1, value);
  return "0x0";
}

async function mineAt(gate: DevelopmentGate, blocks: number, timestamp: unknown): Promise<void> {
  if (timestamp === undefined || timestamp === null) return gate.mine(blocks, {});
  const firstTimeMs = parseCount(timestamp, "timestamp", TIME_SECONDS_MAX) * 1000;
  setNextTime(gate, firstTimeMs);
  await gate.mine(blocks, {});
}

/** `hardhat_mine` and `anvil_mine`: how many, and seconds between them. */
async function mineMany(gate: DevelopmentGate, params: Params): Promise<null> {
  const blocks = params.has(0) ? parseCount(params.raw(0), "blocks", BLOCKS_MAX) : 1;
  const seconds = params.has(1) ? parseCount(params.raw(1), "interval", INTERVAL_SECONDS_MAX) : null;
  await gate.mine(blocks, seconds === null ? {} : { intervalMs: seconds * 1000 });
  return null;
}

function increaseTime(gate: DevelopmentGate, params: Params): number {
  const seconds = parseCount(params.raw(0), "seconds", TIME_SECONDS_MAX);
  if (seconds + gate.offsetMs / 1000 > TIME_SECONDS_MAX)
    throw invalidParams(`seconds: time goes to ${TIME_SECONDS_MAX}`);
  gate.shiftTime(seconds * 1000);
  return Math.floor(gate.offsetMs / 1000);
}

/** When blocks are made and what time they have. */
export function miningMethods(backend: RpcBackend, gate: DevelopmentGate): Record<string, Method> {
  const setAutomine: Method = (values) => {
    gate.setAutomatic(new Params(values).boolean(0, "enabled"));
    return true;
  };
  const setNextTimestamp: Method = (values) => {
    const seconds = parseCount(values[0], "timestamp", TIME_SECONDS_MAX);
    setNextTime(gate, seconds * 1000);
    return seconds.toString();
  };
  /** Answers with the seconds between the time that it was and the one that it is to be. */
  const setTime = (timeMs: number): number => {
    const shiftMs = timeMs - gate.nowMs();
    gate.shiftTime(shiftMs);
    return Math.max(0, Math.round(shiftMs / 1000));
  };
  const setTimeStep: Method = (values) => {
    gate.setTimeStep(parseCount(values[0], "seconds", INTERVAL_SECONDS_MAX) * 1000);
    return null;
  };
  const removeTimeStep: Method = () => gate.setTimeStep(null);
  const mineDetailed: Method = async (values) => {
    const above = backend.chain.head();
    await mineOnce(gate, values[0]);
    return minedDetails(backend, above);
  };
  return {
    evm_mine: (values) => mineOnce(gate, values[0]),
    evm_mine_detailed: mineDetailed,
    anvil_mine_detailed: mineDetailed,
    hardhat_mine: async (values) => {
      await mineMany(gate, new Params(values));
      return true;
    },
    anvil_mine: (values) => mineMany(gate, new Params(values)),
    evm_setAutomine: setAutomine,
    anvil_setAutomine: silenced(setAutomine),
    hardhat_getAutomine: () => gate.modes.isAutomatic,
    anvil_getAutomine: () => gate.modes.isAutomatic,
    /** Milliseconds, as Hardhat takes them; seconds on a chain that was told to call itself anvil. */
    evm_setIntervalMining: (values) => {
      const isAnvil = backend.clientVersion().startsWith("anvil");
      gate.setMiningInterval(isAnvil ? intervalSeconds(values[0]) : intervalMs(values[0]));
      return true;
    },
    /** Seconds, as anvil takes them. */
    anvil_setIntervalMining: (values) => {
      gate.setMiningInterval(intervalSeconds(values[0]));
      return null;
    },
    anvil_getIntervalMining: () => (gate.modes.intervalMs === 0 ? null : gate.modes.intervalMs / 1000),
    evm_increaseTime: (values) => increaseTime(gate, new Params(values)).toString(),
    anvil_increaseTime: (values) => increaseTime(gate, new Params(values)),
    hardhat_increaseTime: (values) => increaseTime(gate, new Params(values)).toString(),
    evm_setNextBlockTimestamp: setNextTimestamp,
    anvil_setNextBlockTimestamp: async (values, caller) => {
      await setNextTimestamp(values, caller);
      return null;
    },
    hardhat_setNextBlockTimestamp: setNextTimestamp,
    /** Milliseconds in Ganache's form, whose answer is how far the clock is from the machine's; seconds in anvil's. */
    evm_setTime: (values) => {
      setTime(parseCount(values[0], "time", TIME_MS_MAX));
      return Math.floor(gate.offsetMs / 1000);
    },
    anvil_setTime: (values) => setTime(parseCount(values[0], "time", TIME_SECONDS_MAX) * 1000),
    evm_setBlockTimestampInterval: setTimeStep,
    anvil_setBlockTimestampInterval: setTimeStep,
    evm_removeBlockTimestampInterval: removeTimeStep,
    anvil_removeBlockTimestampInterval: removeTimeStep,
  };
}

function intervalSeconds(value: unknown): number {
  return parseCount(value, "seconds", 86_400) * 1000;
}

/** One number, or a range of which the middle is taken: blocks come regularly here. */
function intervalMs(value: unknown): number {
  if (!Array.isArray(value)) return parseCount(value, "interval", 86_400_000);
  if (value.length !== 2) throw invalidParams("interval: expected a number or two");
  const [from, to] = value.map((bound) => parseCount(bound, "interval", 86_400_000)) as [number, number];
  return Math.round((from + to) / 2);
}
