import type { ExecutedTransaction } from "@festina/fastchain";
import type { FastBlock, Transaction } from "@festina/types";
import { expect, it } from "@jest/globals";
import { bytesOfBlock, bytesOfTransaction } from "../../src/chain/heldBytes.ts";

const transaction = (bytes: number): Transaction =>
  ({ encoded: new Uint8Array(bytes + 100), data: new Uint8Array(bytes) }) as unknown as Transaction;
const block = (...bytes: readonly number[]): FastBlock =>
  ({ transactions: bytes.map(transaction) }) as unknown as FastBlock;
const logging = (...bytes: readonly number[]): ExecutedTransaction =>
  ({ receipt: { logs: bytes.map((length) => ({ data: new Uint8Array(length) })) } }) as unknown as ExecutedTransaction;

it("what is held weighs as much as what anybody may make large in it", () => {
  expect(bytesOfTransaction(transaction(5_000)) - bytesOfTransaction(transaction(0))).toBe(10_000);
  expect(bytesOfBlock(block(5_000), []) - bytesOfBlock(block(0), [])).toBe(15_000);
  const logs = bytesOfBlock(block(0), [logging(300, 4_000)]) - bytesOfBlock(block(0), [logging()]);
  expect(logs).toBeGreaterThan(4_300);
  const small = bytesOfBlock(block(), []);
  expect(small).toBeGreaterThan(0);
  expect(bytesOfBlock(block(0, 0), [])).toBe(small + 2 * (bytesOfBlock(block(0), []) - small));
});
