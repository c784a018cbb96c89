// Many blocks with everything in them: the supply at every block, the same result for whoever executes them, and
// Ethereum's own tools as a second opinion.
import { createBlockFromRLP } from "@ethereumjs/block";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { MerklePatriciaTrie } from "@ethereumjs/mpt";
import { FEE_POT } from "@festina/contracts";
import {
  type Address,
  bytesToBigint,
  bytesToHex,
  encodeRlp,
  type Hash32,
  hexToBytes,
  rlpInteger,
} from "@festina/primitives";
import {
  decodeFastBlock,
  encodeEthereumBlock,
  encodeFastBlock,
  encodeReceipt,
  type RecoveredTransaction,
  TRANSACTION_TYPE,
} from "@festina/types";
import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  decodeExecuted,
  type ExecutedBlock,
  encodeExecuted,
  encodeHybridState,
  totalSupplyWei,
} from "../../src/index.ts";
import { TestChain } from "./aChain.ts";
import { CONTEXT_READER, COUNTER, REVERTER, SELF_BURNER } from "./contracts.ts";
import { aSpec, ETHER, GENESIS_SECONDS, GWEI, OWNERS, USER_KEYS, USERS } from "./members.ts";
import { aTransaction, RECIPIENT } from "./transactions.ts";

const BLOCKS = 20;
const [, , DEPLOYER_KEY] = USER_KEYS;
/** Epochs do not turn here. */
const SPEC = aSpec({}, { electionWindowBlocks: 100 });

/** One transaction of the first user and one of the deployer per block, so that nonces are the block's number. */
function transactionsOf(
  number: number,
  created: (block: number) => RecoveredTransaction["to"],
): RecoveredTransaction[] {
  const nonce = number - 1;
  const sponsorship = { feeWei: 7n * GWEI, payer: USERS[1], validUntilSeconds: BigInt(GENESIS_SECONDS + 60) };
  const first = [
    aTransaction(nonce, { valueWei: ETHER }),
    aTransaction(nonce, { type: TRANSACTION_TYPE.sponsored, valueWei: 3n, sponsorship }),
    aTransaction(nonce, {
      type: TRANSACTION_TYPE.legacy,
      maxFeePerGasWei: 2n * GWEI,
      maxPriorityFeePerGasWei: 2n * GWEI,
    }),
  ][number % 3] as RecoveredTransaction;
  const deployer = (fields: Parameters<typeof aTransaction>[1]) => aTransaction(nonce, fields, DEPLOYER_KEY);
  switch (number) {
    case 1:
      return [first, deployer({ to: null, data: COUNTER })];
    case 2:
      return [first, deployer({ to: null, data: REVERTER })];
    case 3:
      return [first, deployer({ to: null, data: SELF_BURNER, valueWei: 5n })];
    case 4:
      return [first, deployer({ to: null, data: CONTEXT_READER })];
    case 10:
      return [first, deployer({ to: created(4) })];
    default:
      return [first, deployer({ to: created(number % 2 === 0 ? 1 : 2) })];
  }
}

describe("twenty blocks", () => {
  let chain: TestChain;
  const blocks: ExecutedBlock[] = [];
  const sums: bigint[] = [];
  const created = (block: number) => blocks[block - 1]?.executed[1]?.createdAddress ?? null;

  const contract = (block: number) => created(block) as Address;

  beforeAll(async () => {
    chain = await TestChain.create(SPEC);
    for (let number = 1; number <= BLOCKS; number++) {
      const movesPointer = number % 2 === 0;
      const anchor = { number: number - 1, hash: chain.head.hash };
      const fruits = [chain.snail.fruit(OWNERS[0]), chain.snail.fruit(OWNERS[1])];
      const built = await chain.add({
        transactions: transactionsOf(number, created),
        snailBlock: movesPointer ? chain.snail.mine(anchor, fruits) : null,
        certificate: number > 1 ? chain.certificateFor(number - 1) : null,
      });
      expect(chain.refusals).toEqual([]);
      blocks.push(built);
      sums.push(chain.sumOfBalances());
    }
  });

  it("neither make nor lose a wei: genesis + rewards - burned = sum of all balances, at every block", () => {
    expect(sums).toEqual(blocks.map(({ hybrid }) => totalSupplyWei(hybrid.supply)));
    const { supply } = chain.head;
    expect(supply.rewardsWei).toBeGreaterThan(0n);
    expect(supply.baseFeeBurnedWei).toBeGreaterThan(0n);
    expect(supply.selfDestructBurnedWei).toBe(5n);
  });

  it("burn the base fee of all gas, and mint what the requests list", () => {
    const fees = blocks.map(({ block: { header } }) => header.gasUsed * header.baseFeePerGasWei);
    expect(chain.head.supply.baseFeeBurnedWei).toBe(fees.reduce((sum, fee) => sum + fee, 0n));
    const listed = blocks.flatMap(({ block }) => block.requests.rewards.map(({ amountWei }) => amountWei));
    expect(chain.head.supply.rewardsWei).toBe(listed.reduce((sum, wei) => sum + wei, 0n));
    for (const { block } of blocks) expect(block.requests.rewards.length > 0).toBe(block.requests.pointer !== null);
  });

  it("give a second node the same state, receipts and hybrid state from their bytes alone", async () => {
    const replica = await TestChain.create(SPEC, chain.snail);
    for (const { block, hybrid, executed } of blocks) {
      const decoded = decodeFastBlock(encodeFastBlock(block));
      if (!decoded.ok) throw new Error(decoded.error.message);
      const taken = await replica.take(decoded.value);
      if (!taken.ok) throw new Error(taken.error.message);
      expect(encodeHybridState(taken.value.hybrid)).toEqual(encodeHybridState(hybrid));
      expect(taken.value.executed).toEqual(executed);
    }
    expect(replica.head.hash).toBe(chain.head.hash);
  });

  it("have the hash and transactions root that @ethereumjs/block finds, where it knows all transaction types", async () => {
    const common = new Common({ chain: Mainnet, hardfork: Hardfork.Osaka, params: {} });
    common.chainId = () => 1337n;
    const known = blocks.filter(({ block }) => block.transactions.every(({ type }) => type !== 0x54));
    expect(known.length).toBeGreaterThan(10);
    for (const { block } of known) {
      const oracle = createBlockFromRLP(encodeEthereumBlock(block), { common, skipConsensusFormatValidation: true });
      expect(bytesToHex(oracle.hash())).toBe(block.hash);
      expect(await oracle.transactionsTrieIsValid()).toBe(true);
    }
  });

  it("have the receipts root that @ethereumjs/mpt finds", async () => {
    for (const { block, executed } of blocks) {
      const trie = new MerklePatriciaTrie();
      for (const [index, { receipt }] of executed.entries())
        await trie.put(encodeRlp(rlpInteger(index)), encodeReceipt(receipt));
      expect(bytesToHex(trie.root())).toBe(block.header.receiptsRoot);
    }
  });

  it("keep outcomes that are stored and read back", () => {
    for (const { executed } of blocks) {
      const decoded = decodeExecuted(encodeExecuted(executed));
      expect(decoded.ok && decoded.value).toEqual(executed);
    }
    expect(decodeExecuted(Uint8Array.of(0xc1, 0x80)).ok).toBe(false);
    expect(decodeExecuted(Uint8Array.of(1, 2, 3)).ok).toBe(false);
  });

  it("run contracts: logs, reverts that are paid for, creation", () => {
    const [, counter] = (blocks[5] as ExecutedBlock).executed;
    expect(counter?.receipt.logs).toEqual([
      { address: created(1), topics: [`0x${"aa".padStart(64, "0")}`], data: new Uint8Array(0) },
    ]);
    expect(blocks[5]?.block.header.logsBloom.some((byte) => byte !== 0)).toBe(true);
    const [, reverted] = (blocks[4] as ExecutedBlock).executed;
    expect(reverted?.receipt.succeeded).toBe(false);
    expect(reverted?.gasUsed).toBeGreaterThan(21_000n);
    expect(chain.states.open(chain.head.header.stateRoot).getStorage(contract(1), 0n)).toBe(7n);
  });

  it("let contracts read pointer, parent and beacon of their block", () => {
    const { block } = blocks[9] as ExecutedBlock;
    const view = chain.states.open(chain.head.header.stateRoot);
    const slot = (index: bigint) => view.getStorage(contract(4), index);
    const word = (hash: Hash32) => bytesToBigint(hexToBytes(hash));
    expect(slot(0n)).toBe(word(block.header.snailPointer));
    expect(slot(1n)).toBe(word(block.header.parentHash));
    expect(slot(2n)).toBe(word(block.header.beacon));
    expect(slot(3n)).toBe(word(block.header.parentHash));
  });

  it("pay the pot out when the pointer moves, and leave less than a wei per seat in it", () => {
    const potAfter = (number: number) =>
      chain.states.openAt((blocks[number - 1] as ExecutedBlock).block.header.stateRoot)?.getAccount(FEE_POT)
        ?.balanceWei;
    expect(potAfter(19)).toBeGreaterThan(GWEI);
    expect(potAfter(20)).toBeLessThan(100n);
  });

  it("charge a sponsored transaction's gas to the payer, value and fee to the sender", async () => {
    const sponsored = blocks.flatMap(({ block, executed }) =>
      block.transactions.flatMap((transaction, index) =>
        transaction.type === 0x54 ? [executed[index] as ExecutedBlock["executed"][number]] : [],
      ),
    );
    expect(sponsored).toHaveLength(7);
    const gasWei = sponsored.reduce(
      (sum, { gasUsed, effectiveGasPriceWei }) => sum + gasUsed * effectiveGasPriceWei,
      0n,
    );
    expect(chain.balanceOf(USERS[1])).toBe(1_000n * ETHER - gasWei);
    expect(sponsored.every(({ receipt }) => receipt.type === 0x54 && receipt.succeeded)).toBe(true);
    expect(chain.balanceOf(RECIPIENT)).toBe(6n * ETHER + 7n * 3n);
  });
});
