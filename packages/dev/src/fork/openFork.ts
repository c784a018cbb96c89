// The beginning of a fork: which block it goes on from, and what the chain is like that does.
import { type ChainSpec, DEV_VALIDATOR, type GenesisAccount } from "@festina/chainspec";
import { FEE_POT, VALIDATOR_REGISTRY } from "@festina/contracts";
import type { RecoverPublicKey } from "@festina/crypto";
import { computeNextBaseFee } from "@festina/fastchain";
import { type Address, type Clock, fail, type Hash32, ok, parseHash32, type Result } from "@festina/primitives";
import { NO_OVERRIDES, type RpcBackend, TIME_SECONDS_MAX, toQuantity } from "@festina/rpc";
import { StateUnreachableError, whenFetched } from "@festina/tvm";
import { decodeTransaction, impersonatedSender, recoverTransaction } from "@festina/types";
import { ForkedWorld } from "./forkedWorld.ts";
import { RemoteGate } from "./forkGate.ts";
import type { Fork, ForkTarget, Patience } from "./forkPort.ts";
import { isRemoteUrl, RemoteClient, RemoteRefusal } from "./remoteClient.ts";
import { RemoteState, readNumber } from "./remoteState.ts";

export interface ForkTools {
  readonly clock: Clock;
  readonly recoverPublicKey: RecoverPublicKey;
  /** The usual one where absent. */
  readonly patience?: Patience;
}

/** They are this chain's own, whatever the other one has there. */
const OWN_ACCOUNTS: ReadonlySet<Address> = new Set([VALIDATOR_REGISTRY, FEE_POT, DEV_VALIDATOR.address]);
const CHAIN_ID_MAX = 2n ** 48n;

interface RemoteBlock {
  readonly number: number;
  readonly hash: Hash32;
  readonly timestamp: number;
  readonly gasUsed: bigint;
  readonly gasLimit: bigint;
  /** `null` on chains that have none. */
  readonly baseFeePerGasWei: bigint | null;
}

function readBlock(value: unknown): RemoteBlock | null {
  if (value === null || typeof value !== "object") return null;
  const fields = value as Readonly<Record<string, unknown>>;
  const hash = parseHash32(fields["hash"]);
  const number = readNumber(fields["number"], 6);
  const timestamp = readNumber(fields["timestamp"], 8);
  const [gasUsed, gasLimit] = [readNumber(fields["gasUsed"], 8), readNumber(fields["gasLimit"], 8)];
  const hasFee = fields["baseFeePerGas"] != null;
  const baseFeePerGasWei = hasFee ? readNumber(fields["baseFeePerGas"], 16) : null;
  if (!hash.ok || number === null || timestamp === null || timestamp > BigInt(TIME_SECONDS_MAX)) return null;
  if (gasUsed === null || gasLimit === null || gasLimit < 2n || (hasFee && baseFeePerGasWei === null)) return null;
  return {
    number: Number(number),
    hash: hash.value,
    timestamp: Number(timestamp),
    gasUsed,
    gasLimit,
    baseFeePerGasWei,
  };
}

/** An account that is funded here keeps its nonce; where the other chain has code for it, that is left behind. */
function keepNonce(account: GenesisAccount, state: RemoteState): GenesisAccount {
  if (account.nonce !== undefined || account.code !== undefined) return account;
  const nonce = state.account(account.address)?.nonce ?? 0n;
  return nonce === 0n ? account : { ...account, nonce };
}

/** Fails by code, in words for whoever named the chain. */
export async function openFork(target: ForkTarget, tools: ForkTools): Promise<Result<Fork>> {
  const { url } = target;
  if (!isRemoteUrl(url)) return fail("FORK_URL_INVALID", `"${url.slice(0, 80)}" is no HTTP address of a node's RPC`);
  const client = new RemoteClient(url, tools.clock, tools.patience);
  return withReason(client, () => open(client, target, tools));
}

/** Where the other chain does not answer as it should, that is the answer. */
async function withReason<T>({ host }: RemoteClient, task: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof StateUnreachableError) return fail(error.code, error.message);
    if (error instanceof RemoteRefusal)
      return fail("FORK_REFUSED", `the chain at ${host} refuses to answer: ${error.message}`);
    throw error;
  }
}

async function open(client: RemoteClient, { blockNumber }: ForkTarget, tools: ForkTools): Promise<Result<Fork>> {
  const tag = blockNumber === undefined ? "latest" : toQuantity(blockNumber);
  const [id, found] = await client.callAll([
    ["eth_chainId", []],
    ["eth_getBlockByNumber", [tag, false]],
  ]);
  const chainId = readNumber(id, 8);
  if (chainId === null || chainId < 1n || chainId > CHAIN_ID_MAX) throw client.invalid("no chain id");
  if (found === null)
    return fail("FORK_BLOCK_UNKNOWN", `the chain at ${client.host} has no block ${blockNumber ?? tag}`);
  const block = readBlock(found);
  if (block === null || (blockNumber !== undefined && block.number !== blockNumber)) throw client.invalid("no block");
  return ok(new ForkedChain(client, chainId, block, tools));
}

class ForkedChain extends RemoteGate implements Fork {
  readonly #client: RemoteClient;
  readonly #block: RemoteBlock;
  readonly #state: RemoteState;
  readonly #recoverPublicKey: RecoverPublicKey;

  constructor(client: RemoteClient, chainId: bigint, block: RemoteBlock, { recoverPublicKey }: ForkTools) {
    super(client, { url: client.url, chainId, blockNumber: block.number, blockHash: block.hash });
    this.#client = client;
    this.#block = block;
    this.#state = new RemoteState(client, block.number);
    this.#recoverPublicKey = recoverPublicKey;
  }

  readonly createWorld: Fork["createWorld"] = (...given) => new ForkedWorld(this.#state, OWN_ACCOUNTS, ...given);

  blockHash(number: number): Hash32 {
    return this.#state.blockHash(number);
  }

  get timestampSeconds(): number {
    return this.#block.timestamp;
  }

  specOver(base: ChainSpec, chainId: bigint | null): Promise<Result<ChainSpec>> {
    return withReason(this.#client, async () => {
      await this.needAccounts(base.genesisAccounts.map(({ address }) => address));
      return ok(this.#specOver(base, chainId));
    });
  }

  #specOver(base: ChainSpec, chainId: bigint | null): ChainSpec {
    const { number, hash, timestamp, baseFeePerGasWei } = this.#block;
    return {
      ...base,
      chainId: chainId ?? this.facts.chainId,
      genesisTimeSeconds: timestamp,
      initialBaseFeeWei:
        baseFeePerGasWei === null ? 0n : computeNextBaseFee({ ...this.#block, baseFeePerGasWei }, base),
      genesisAccounts: base.genesisAccounts.map((account) => keepNonce(account, this.#state)),
      fork: { blockNumber: number, blockHash: hash },
    };
  }

  needAccounts(addresses: readonly Address[]): Promise<void> {
    return this.#state.needAccounts(addresses.filter((address) => !OWN_ACCOUNTS.has(address)));
  }

  async prepare({ execution, chain }: RpcBackend, encoded: Uint8Array, signedBy: Address | undefined): Promise<void> {
    const decoded = decodeTransaction(encoded);
    if (!decoded.ok) return;
    const transaction = decoded.value;
    const claimed = signedBy ?? impersonatedSender(transaction);
    const recovered = claimed === null ? recoverTransaction(transaction, this.#recoverPublicKey) : null;
    const from = claimed ?? (recovered?.ok === true ? recovered.value.sender : null);
    // What is wrong with it is told by the pool.
    if (from === null) return;
    const { to, data, valueWei, gasLimit: gas, maxFeePerGasWei, accessList, authorizations, sponsorship } = transaction;
    const request = { from, to, data, valueWei, gas, gasPriceWei: maxFeePerGasWei, accessList, authorizations };
    await this.needAccounts(sponsorship === null ? [from] : [from, sponsorship.payer]);
    await whenFetched(() =>
      execution.call({ ...request, overrides: NO_OVERRIDES }, { number: chain.head(), isNext: true }),
    );
  }

  async prepareBlock({ pool, pendingState }: RpcBackend): Promise<void> {
    if (pool.content().length > 0) await whenFetched(async () => pendingState?.());
  }
}
