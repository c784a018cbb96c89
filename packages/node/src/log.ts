import { pino } from "pino";

/** Facts of an event; bigints are written as decimal text. */
export type LogFacts = Readonly<Record<string, string | number | boolean | bigint | null | undefined>>;

/** One line per event: its name, its level, its facts. Events are stable names that tools may look for. */
export interface Log {
  debug(event: string, facts?: LogFacts): void;
  info(event: string, facts?: LogFacts): void;
  warn(event: string, facts?: LogFacts): void;
  error(event: string, facts?: LogFacts): void;
}

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

function plain(facts: LogFacts): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === "bigint" ? `${value}` : value]),
  );
}

/** JSON lines on standard output. */
export function createLog(level: LogLevel): Log {
  const logger = pino({ level, base: null, messageKey: "event", formatters: { level: (label) => ({ level: label }) } });
  return {
    // The facts of what is not written need no plain form.
    debug: level === "debug" ? (event, facts = {}) => logger.debug(plain(facts), event) : () => undefined,
    info: (event, facts = {}) => logger.info(plain(facts), event),
    warn: (event, facts = {}) => logger.warn(plain(facts), event),
    error: (event, facts = {}) => logger.error(plain(facts), event),
  };
}

/** For tests and for parts that say nothing. */
export const SILENT_LOG: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
