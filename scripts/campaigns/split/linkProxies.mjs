// Every link of a devnet through a port of its own, so that links can be cut and mended while the processes run.
import { readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";

/** Proxies listen this far above the nodes. */
const PORT_OFFSET = 100;

class Link {
  #isCut = false;
  #sockets = new Set();
  #server;

  constructor(target) {
    this.#server = createServer((inner) => {
      if (this.#isCut) return inner.destroy();
      const outer = connect(target, "127.0.0.1");
      for (const [from, to] of [
        [inner, outer],
        [outer, inner],
      ]) {
        this.#sockets.add(from);
        from.pipe(to);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      }
    });
  }

  /** @returns {Promise<void>} */
  listen(port) {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => resolve());
    });
  }

  set isCut(isCut) {
    this.#isCut = isCut;
    if (isCut) for (const socket of this.#sockets) socket.destroy();
  }

  close() {
    this.isCut = true;
    this.#server.close();
  }
}

/** Rewrites the configurations of a stopped devnet: each process dials each other one by a link. */
export async function linkProcesses(placed) {
  const links = [];
  const base = Math.max(...placed.map(({ networkPort }) => networkPort)) + PORT_OFFSET;
  for (const [from, process] of placed.entries()) {
    const config = JSON.parse(readFileSync(process.layout.configFile, "utf8"));
    for (const [to, { networkPort }] of placed.entries()) {
      if (from === to) continue;
      const port = base + from * placed.length + to;
      const link = new Link(networkPort);
      await link.listen(port);
      links.push({ from, to, link });
      config.network.peers = config.network.peers.map((peer) =>
        peer.replace(new RegExp(`:${networkPort}$`), `:${port}`),
      );
    }
    // Nodes that tell each other where they listen would connect past the links.
    config.network.discovery = false;
    writeFileSync(process.layout.configFile, `${JSON.stringify(config, null, 2)}\n`);
  }
  const setCut = (isCut, side) => {
    for (const { from, to, link } of links) if (side.includes(from) !== side.includes(to)) link.isCut = isCut;
  };
  return {
    cut: (side) => setCut(true, side),
    mend: (side) => setCut(false, side),
    close: () => {
      for (const { link } of links) link.close();
    },
  };
}
