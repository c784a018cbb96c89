import { createServer } from "node:net";
import { OperationError } from "@festina/primitives";

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** @throws OperationError PORT_IN_USE with one clear line, before anything is started */
export async function requireFreePorts(ports: readonly number[], hint: string): Promise<void> {
  for (const port of ports) {
    if (!(await isFree(port))) throw new OperationError("PORT_IN_USE", `port ${port} is already in use; ${hint}`);
  }
}
