import { defineChain } from "viem";

const nativeCurrency = { name: "Festina", symbol: "FST", decimals: 18 } as const;
const HOST = "127.0.0.1:8545";
const rpcUrls = { default: { http: [`http://${HOST}`], webSocket: [`ws://${HOST}`] } } as const;
/** The page at the node's address; its views stand behind the #. */
const blockExplorers = { default: { name: "Festina", url: `http://${HOST}/#` } } as const;

/** `festina dev`, as it starts without options. */
export const festinaDev = defineChain({ id: 31_337, name: "Festina dev", nativeCurrency, rpcUrls, blockExplorers });

/** `festina devnet`, as it starts without options: its first member. */
export const festinaDevnet = defineChain({
  id: 19_330,
  name: "Festina devnet",
  nativeCurrency,
  rpcUrls,
  blockExplorers,
});
