// The metrics of a node whose configuration asks for them. Their library is loaded only then.
import type { MessageTraffic } from "@festina/network";
import type { Address } from "@festina/primitives";
import type { RpcBackend } from "@festina/rpc";
import type { NodeConfig } from "../config/nodeConfig.ts";
import type { Log } from "../log.ts";

export interface ServedNode {
  readonly backend: Pick<RpcBackend, "status" | "chain">;
  readonly held: () => Readonly<Record<string, number>>;
  readonly traffic: () => readonly MessageTraffic[];
  /** Of the node's validator, where it has one. */
  readonly owner: Address | null;
  readonly nowMs: () => number;
}

export interface OpenMetrics {
  watch(log: Log): Log;
  /** @throws OperationError METRICS_LISTEN */
  serve(node: ServedNode): Promise<void>;
  close(): Promise<void>;
}

const NO_METRICS: OpenMetrics = { watch: (log) => log, serve: async () => undefined, close: async () => undefined };

export async function openMetrics({ metrics: place }: NodeConfig): Promise<OpenMetrics> {
  if (place === undefined) return NO_METRICS;
  const [{ createNodeMetrics }, { serveMetrics }] = await Promise.all([
    import("./nodeMetrics.ts"),
    import("./metricsServer.ts"),
  ]);
  const metrics = createNodeMetrics();
  let close: OpenMetrics["close"] = NO_METRICS.close;
  return {
    watch: metrics.watch,
    serve: async ({ backend, held, traffic, owner, nowMs }) => {
      metrics.observe(
        () => {
          const status = backend.status();
          const { timestamp } = backend.chain.blockByNumber(status.headNumber)?.block.header ?? {};
          return { status, nowMs: nowMs(), headTimeMs: Number(timestamp ?? 0) * 1_000, ownAddress: owner };
        },
        held,
        traffic,
      );
      ({ close } = await serveMetrics(metrics, place));
    },
    close: () => close(),
  };
}
