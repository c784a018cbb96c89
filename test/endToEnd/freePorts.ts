import { createServer } from "node:net";

/** Peer ports lie this far above; the first candidates keep both below the system's own range, which begins at 32,768. */
const PEER_PORT_OFFSET = 22_000;
const FIRST_BASE = 10_545;
const BASE_STEP = 10;
const BASES = 200;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

async function areFree(base: number, count: number): Promise<boolean> {
  for (let index = 0; index < count; index++) {
    if (!(await isFree(base + index)) || !(await isFree(base + PEER_PORT_OFFSET + index))) return false;
  }
  return true;
}

/** The first RPC port of a devnet of `count` processes for which all RPC and peer ports are free. */
export async function findPortBase(count: number): Promise<number> {
  for (let index = 0; index < BASES; index++) {
    const base = FIRST_BASE + index * BASE_STEP;
    if (await areFree(base, count)) return base;
  }
  throw new Error("no block of free ports for a devnet");
}
