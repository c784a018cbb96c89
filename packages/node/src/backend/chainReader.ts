import { EMPTY_BYTES } from "@festina/primitives";
import type { BlockRecord, ChainReader, StateReader } from "@festina/rpc";
import { EMPTY_CODE_HASH, type StateStore } from "@festina/state";
import { EMPTY_ROOT, type SnailHeader } from "@festina/types";
import type { CommittedChain, StoredBlock } from "../chain/committedChain.ts";
import type { SnailService } from "../snail/snailService.ts";
import { type EnvironmentOptions, nextTimestamp } from "./callEnvironment.ts";

/** Receipts of a block are asked for one by one. */
const records = new WeakMap<StoredBlock, BlockRecord>();

function recordOf(stored: StoredBlock): BlockRecord {
  const record = records.get(stored) ?? toBlockRecord(stored);
  records.set(stored, record);
  return record;
}

export function toBlockRecord({ block, executed }: StoredBlock): BlockRecord {
  return {
    block,
    transactions: block.transactions.flatMap((transaction, index) => {
      const outcome = executed[index];
      if (outcome === undefined) return [];
      const { sender, receipt, gasUsed, effectiveGasPriceWei, createdAddress } = outcome;
      return [{ transaction, sender, gasUsed, effectiveGasPriceWei, createdAddress, ...receipt }];
    }),
  };
}

function headerAt({ chain }: SnailService, number: number): SnailHeader | undefined {
  const hash = chain.canonicalHash(number);
  return hash === undefined ? undefined : chain.headerByHash(hash);
}

export interface ChainReaderOptions
  extends Pick<EnvironmentOptions, "spec" | "committed" | "nextTimeMs" | "nextBaseFeeWei"> {
  readonly snail: SnailService;
}

export function createChainReader(options: ChainReaderOptions): ChainReader {
  const { spec, committed, snail, nextTimeMs, nextBaseFeeWei } = options;
  return {
    chainId: spec.chainId,
    genesisHash: committed.genesisHash,
    head: () => committed.head.header.number,
    blockByNumber: (number) => {
      const stored = number > committed.head.header.number ? undefined : committed.block(number);
      return stored === undefined ? undefined : recordOf(stored);
    },
    numberOfHash: (hash) => committed.numberOf(hash),
    transactionLocation: (hash) => committed.locationOf(hash),
    nextBaseFeeWei: () => nextBaseFeeWei(committed.head),
    nextTimestamp: () => nextTimestamp(committed.head, nextTimeMs),
    supply: (number) => {
      const supply = committed.supply(number);
      return supply === undefined ? undefined : { number, ...supply };
    },
    anchoredBy: (number) => {
      const { chain } = snail;
      const head = chain.head().number;
      const anchorOf = (at: number): number => headerAt(snail, at)?.anchorNumber ?? 0;
      if (anchorOf(head) < number) return null;
      // Anchors never decrease along a chain.
      let below = 0;
      let reached = head;
      while (reached - below > 1) {
        const middle = Math.floor((below + reached) / 2);
        if (anchorOf(middle) < number) below = middle;
        else reached = middle;
      }
      const snailNumber = number === 0 ? 0 : reached;
      const snailHash = chain.canonicalHash(snailNumber);
      if (snailHash === undefined) return null;
      const depth = head - snailNumber;
      return { snailNumber, snailHash, depth, isBuried: depth >= spec.preset.confirmDepthBlocks };
    },
    anchored: () => {
      const buried = Math.max(0, snail.chain.head().number - spec.preset.confirmDepthBlocks);
      return headerAt(snail, buried)?.anchorNumber ?? 0;
    },
  };
}

/** State after committed blocks; all of them are kept. */
export function createStateReader(
  committed: CommittedChain,
  states: Pick<StateStore, "openAt" | "prove" | "accountRange">,
): StateReader {
  const rootAt = (number: number) => committed.hybridState(number)?.header.stateRoot;
  const viewAt = (number: number) => {
    const root = rootAt(number);
    return root === undefined ? undefined : states.openAt(root);
  };
  return {
    balance: (address, number) => {
      const view = viewAt(number);
      return view && (view.getAccount(address)?.balanceWei ?? 0n);
    },
    nonce: (address, number) => {
      const view = viewAt(number);
      return view && (view.getAccount(address)?.nonce ?? 0n);
    },
    code: (address, number) => {
      const view = viewAt(number);
      return view && (view.getAccount(address) === null ? EMPTY_BYTES : view.getCode(address));
    },
    storage: (address, slot, number) => viewAt(number)?.getStorage(address, slot),
    proof: (address, slots, number) => {
      const root = rootAt(number);
      const proof = root === undefined ? undefined : states.prove(root, address, slots);
      if (proof === undefined) return undefined;
      const { account } = proof;
      return {
        balanceWei: account?.balanceWei ?? 0n,
        nonce: account?.nonce ?? 0n,
        codeHash: account?.codeHash ?? EMPTY_CODE_HASH,
        storageRoot: account?.storageRoot ?? EMPTY_ROOT,
        accountProof: proof.accountProof,
        storageProofs: proof.storage,
      };
    },
    accountRange: (number, start, max) => {
      const root = rootAt(number);
      const page = root === undefined ? undefined : states.accountRange(root, start, max);
      if (page === undefined) return undefined;
      return {
        next: page.next,
        accounts: page.accounts.map(({ hashedKey, address, record }) => ({ hashedKey, address, ...record })),
      };
    },
  };
}
