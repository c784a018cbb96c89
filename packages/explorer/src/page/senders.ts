// Who can sign for the reader: a wallet in the browser, or the node's own accounts on a development chain.
import type { Call } from "../data/rpcCaller.ts";

export interface OutgoingTransaction {
  readonly to?: string;
  readonly data: string;
  /** Wei in hex. */
  readonly value: string;
}

export interface Sender {
  readonly name: string;
  readonly address: string;
  /** Answers with the hash of the transaction. @throws what wallet or node says when they refuse */
  readonly send: (transaction: OutgoingTransaction) => Promise<string>;
}

/** As much of EIP-1193 as is used here. */
export interface WalletProvider {
  request(request: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

const ACCOUNTS_MAX = 20;
const isAddress = (value: unknown): value is string => typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value);
const isHash = (value: unknown): value is string => typeof value === "string" && /^0x[0-9a-fA-F]{64}$/.test(value);

function checkedHash(value: unknown): string {
  if (!isHash(value)) throw new Error("no transaction hash came back");
  return value;
}

/** Accounts whose keys the node holds; none on real networks. */
export async function developmentSenders(call: Call): Promise<readonly Sender[]> {
  const accounts = await call<unknown>("eth_accounts").catch(() => []);
  return (Array.isArray(accounts) ? accounts : [])
    .filter(isAddress)
    .slice(0, ACCOUNTS_MAX)
    .map((address, index) => ({
      name: `development account ${index}`,
      address,
      send: async (transaction) => checkedHash(await call("eth_sendTransaction", [{ from: address, ...transaction }])),
    }));
}

export function injectedWallet(world: { readonly ethereum?: unknown }): WalletProvider | null {
  const wallet = world.ethereum as Partial<WalletProvider> | undefined;
  return typeof wallet?.request === "function" ? (wallet as WalletProvider) : null;
}

/** Of EIP-3326: the wallet has not heard of the chain. */
const CHAIN_UNKNOWN = 4902;

/** Has the wallet change to the node's chain, told of it first where it must be. @throws when it refuses */
async function changeChain(wallet: WalletProvider, chainId: string, rpcUrl: string): Promise<void> {
  const id = { chainId: `0x${Number(chainId).toString(16)}` };
  const change = { method: "wallet_switchEthereumChain", params: [id] };
  try {
    await wallet.request(change);
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code !== CHAIN_UNKNOWN) throw error;
    const chain = {
      ...id,
      chainName: `Festina ${chainId}`,
      nativeCurrency: { name: "Festina", symbol: "FST", decimals: 18 },
      rpcUrls: [rpcUrl],
      blockExplorerUrls: [rpcUrl],
    };
    await wallet.request({ method: "wallet_addEthereumChain", params: [chain] });
    await wallet.request(change);
  }
}

/** Asks the wallet for its accounts on the node's chain. @throws when it refuses, or stays on another chain */
export async function walletSenders(
  wallet: WalletProvider,
  { chainId, rpcUrl }: { readonly chainId: string; readonly rpcUrl: string },
): Promise<readonly Sender[]> {
  const accounts = await wallet.request({ method: "eth_requestAccounts" });
  const isThere = async (): Promise<boolean> =>
    Number(await wallet.request({ method: "eth_chainId" })) === Number(chainId);
  if (!(await isThere())) {
    await changeChain(wallet, chainId, rpcUrl);
    if (!(await isThere())) throw new Error(`the wallet is on another chain; this node is on chain ${chainId}`);
  }
  return (Array.isArray(accounts) ? accounts : [])
    .filter(isAddress)
    .slice(0, ACCOUNTS_MAX)
    .map((address) => ({
      name: "wallet",
      address,
      send: async (transaction) =>
        checkedHash(
          await wallet.request({ method: "eth_sendTransaction", params: [{ from: address, ...transaction }] }),
        ),
    }));
}
