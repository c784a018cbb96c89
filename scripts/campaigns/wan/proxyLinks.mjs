// Links as TCP proxies on the loopback device that hold bytes back: no namespaces, no loss. A cut holds bytes until it ends.
import { connect, createServer } from "node:net";

/** Bytes of one direction of one connection, each piece handed on when its time has come. */
class Held {
  #pieces = [];
  /** @type {NodeJS.Timeout | null} */
  #timer = null;
  #link;
  #sink;

  constructor(link, sink) {
    this.#link = link;
    this.#sink = sink;
  }

  /** `null`: the end. */
  add(piece) {
    this.#pieces.push({ dueMs: performance.now() + this.#link.delayMs, piece });
    this.release();
  }

  release() {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (!this.#link.isCut && this.#pieces.length > 0) {
      const { dueMs, piece } = this.#pieces[0];
      const leftMs = dueMs - performance.now();
      if (leftMs > 0) {
        this.#timer = setTimeout(() => this.release(), leftMs);
        return;
      }
      this.#pieces.shift();
      if (piece === null) this.#sink.end();
      else this.#sink.write(piece);
    }
  }

  close() {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#pieces = [];
  }
}

/** @param {{ ports: readonly number[], firstPort: number }} place ports of the nodes, and where proxies may listen */
export async function openProxyLinks({ ports, firstPort }) {
  const size = ports.length;
  const links = Array.from({ length: size * size }, () => ({ delayMs: 0, isCut: false, held: new Set() }));
  const sockets = new Set();
  const servers = [];
  const linkOf = (from, to) => links[from * size + to];
  const portOf = (from, to) => firstPort + from * size + to;

  function pump(source, link, sink) {
    const held = new Held(link, sink);
    link.held.add(held);
    sockets.add(source);
    source.setNoDelay(true);
    source.on("data", (piece) => held.add(piece));
    source.on("end", () => held.add(null));
    source.on("error", () => sink.destroy());
    source.on("close", () => {
      sockets.delete(source);
      link.held.delete(held);
      held.close();
      sink.destroy();
    });
  }

  for (let from = 0; from < size; from++) {
    for (let to = 0; to < size; to++) {
      if (from === to) continue;
      const server = createServer({ allowHalfOpen: true }, (inner) => {
        const outer = connect({ port: ports[to], host: "127.0.0.1", allowHalfOpen: true });
        pump(inner, linkOf(from, to), outer);
        pump(outer, linkOf(to, from), inner);
      });
      servers.push(server);
      await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(portOf(from, to), "127.0.0.1", () => resolve(undefined));
      });
    }
  }
  return {
    kind: "delaying TCP proxies on loopback, WITHOUT LOSS and without namespaces",
    hasLoss: false,
    portOf,
    set(from, to, { delayMs, isCut }) {
      const link = linkOf(from, to);
      Object.assign(link, { delayMs, isCut });
      for (const held of link.held) held.release();
    },
    async counts() {
      return {};
    },
    close() {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
