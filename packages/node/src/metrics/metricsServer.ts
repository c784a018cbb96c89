import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { OperationError } from "@festina/primitives";
import type { NodeMetrics } from "./nodeMetrics.ts";

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers `GET /metrics` and nothing else. @throws OperationError METRICS_LISTEN */
export function serveMetrics(
  metrics: Pick<NodeMetrics, "text" | "contentType">,
  place: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end("see /metrics\n");
      return;
    }
    metrics
      .text()
      .then((text) => response.writeHead(200, { "content-type": metrics.contentType }).end(text))
      .catch(() => response.writeHead(500).end("not now\n"));
  });
  // One question at a time per connection, and few of them: this is for a collector or two.
  server.maxConnections = 16;
  const { host, port } = place;
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new OperationError("METRICS_LISTEN", `cannot serve metrics on ${host}:${port}`, error)),
    );
    server.listen(port, host, () => {
      resolve({
        url: `http://${host}:${(server.address() as AddressInfo).port}/metrics`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
