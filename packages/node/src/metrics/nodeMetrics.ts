// Figures of one node for Prometheus: counters that its log feeds, gauges that are read when somebody asks.
import type { MessageTraffic } from "@festina/network";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Log, LogFacts } from "../log.ts";
import { COUNTERS, GAUGES, HELD, type MetricSource, TRAFFIC } from "./metricNames.ts";

export interface NodeMetrics {
  /** A log that counts what passes through it. */
  watch(log: Log): Log;
  /** From now on gauges have something to read. */
  observe(
    read: () => MetricSource,
    held: () => Readonly<Record<string, number>>,
    traffic: () => readonly MessageTraffic[],
  ): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Of all figures, those of the process included. */
  names(): readonly string[];
}

export function createNodeMetrics(): NodeMetrics {
  const registry = new Registry();
  // Of this process: CPU, memory, heap, pauses of the event loop and of the garbage collector.
  collectDefaultMetrics({ register: registry });
  const counter = (name: keyof typeof COUNTERS, labelNames: readonly string[] = []) =>
    new Counter({ name, help: COUNTERS[name], labelNames: [...labelNames], registers: [registry] });
  const blocks = counter("festina_blocks_total");
  const transactions = counter("festina_transactions_total");
  const gas = counter("festina_gas_total");
  // Events are words of the program, so there are some dozens of them, whatever others send.
  const events = counter("festina_events_total", ["event", "level"]);

  let refresh = (): void => undefined;

  function countBlock(event: string, facts: LogFacts): void {
    if (event !== "blockCommitted") return;
    blocks.inc();
    transactions.inc(Number(facts["transactions"] ?? 0));
    gas.inc(Number(facts["gasUsed"] ?? 0));
  }

  function count(level: string, event: string, facts: LogFacts): void {
    events.inc({ event, level });
    countBlock(event, facts);
  }

  return {
    watch: (log) => {
      const through =
        (level: keyof Log) =>
        (event: string, facts: LogFacts = {}): void => {
          count(level, event, facts);
          log[level](event, facts);
        };
      // What is said for debugging is neither bounded in its words nor of interest here, but for the blocks that come too fast
      // to be told of.
      const debug: Log["debug"] = (event, facts = {}) => {
        countBlock(event, facts);
        log.debug(event, facts);
      };
      return { debug, info: through("info"), warn: through("warn"), error: through("error") };
    },
    observe: (read, held, traffic) => {
      const gauges = Object.entries(GAUGES).map(([name, { help, read: value }]) => ({
        gauge: new Gauge({ name, help, registers: [registry] }),
        value,
      }));
      const kinds = new Gauge({ ...HELD, labelNames: ["kind"], registers: [registry] });
      const passed = Object.entries(TRAFFIC).map(([name, { help, figure }]) => ({
        counter: new Counter({ name, help, labelNames: ["message"], registers: [registry] }),
        figure,
      }));
      refresh = () => {
        const messages = traffic();
        for (const { counter, figure } of passed) {
          // The network counts; here is only where it is asked.
          counter.reset();
          for (const row of messages) counter.inc({ message: row.message }, row[figure]);
        }
        const source = read();
        for (const { gauge, value } of gauges) gauge.set(value(source));
        for (const [kind, count] of Object.entries(held())) kinds.set({ kind }, count);
      };
    },
    text: () => {
      refresh();
      return registry.metrics();
    },
    contentType: registry.contentType,
    names: () => registry.getMetricsAsArray().map(({ name }) => name),
  };
}
