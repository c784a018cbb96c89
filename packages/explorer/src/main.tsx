// The page: connects to the node that served it and draws.
import { render } from "preact";
import { ChainFeed } from "./data/chainFeed.ts";
import type { Socket } from "./data/liveConnection.ts";
import { createCaller } from "./data/rpcCaller.ts";
import { App } from "./page/app.tsx";
import { PageContext } from "./page/context.ts";

const TIMEOUT_MS = 30_000;

async function post(body: string): Promise<string> {
  const response = await fetch("/", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

const call = createCaller(post);
const feed = new ChainFeed(call, {
  openSocket: () => new WebSocket(location.origin.replace(/^http/, "ws")) as unknown as Socket,
  setTimer: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  nowMs: () => Date.now(),
});
feed.start();
// A page that comes back out of the browser's cache has a socket that ended long ago.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

const holder = document.getElementById("page");
if (holder !== null)
  render(
    <PageContext.Provider value={{ call, feed }}>
      <App />
    </PageContext.Provider>,
    holder,
  );
