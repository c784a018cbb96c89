// Transactions as a chain sees them, by seed: payments, tokens, storage, hashing, calls, creations, and all kinds of failure.
import { keccak256 } from "@festina/crypto";
import { createPrng } from "@festina/primitives";
import { compileSolidity } from "../../compileSolidity.mjs";

const CONTRACTS = new URL("contracts/", import.meta.url);
const hex = (value) => `0x${value.toString(16)}`;
const word = (value) => BigInt(value).toString(16).padStart(64, "0");
const selector = (signature) =>
  Buffer.from(keccak256(new TextEncoder().encode(signature)).subarray(0, 4)).toString("hex");
const call = (signature, ...words) => `0x${selector(signature)}${words.map(word).join("")}`;
const bytesArgument = (bytes) =>
  `${word(32)}${word(bytes.length)}${Buffer.from(bytes)
    .toString("hex")
    .padEnd(64 * Math.ceil(bytes.length / 32), "0")}`;

/** Inputs that precompiled contracts have something to say about: points, signatures, numbers, and noise. */
const PRECOMPILE_INPUTS = [
  Buffer.from(`${word(1)}${word(2)}${word(1)}${word(2)}`, "hex"),
  Buffer.from(`${"11".repeat(32)}${word(27)}${"22".repeat(32)}${"33".repeat(32)}`, "hex"),
  Buffer.from(`${word(1)}${word(2)}${word(2)}03ffff8000`, "hex"),
  Buffer.alloc(0),
  Buffer.alloc(213, 7),
];

/** Creation code of the contracts that the work is about. */
export function compileCreations() {
  const { Coin, Work } = compileSolidity({ folder: CONTRACTS, names: ["Coin", "Work"] });
  return { coin: `${Coin.creation}${word(10n ** 24n)}`, work: Work.creation };
}

/** @returns a function that makes the next few transactions, each of another account: fields for `eth_sendTransaction` */
export function createMixedWork({ seed, accounts, coin, work, creations }) {
  const prng = createPrng(seed);
  const pick = (values) => values[prng.below(values.length)];
  const stranger = () => hex(BigInt(`0x${Buffer.from(prng.bytes(20)).toString("hex")}`) | (1n << 159n));
  const toWork = (gas, data, value = 0) => ({ to: work, gas: hex(gas), data, value: hex(value) });
  const toCoin = (data, gas = 120_000) => ({ to: coin, gas: hex(gas), data });
  const kinds = [
    () => ({ to: pick([stranger(), pick(accounts)]), gas: hex(21_000), value: hex(prng.below(1_000)) }),
    () => toCoin(call("transfer(address,uint256)", stranger(), prng.below(5))),
    () => toCoin(call("transfer(address,uint256)", pick(accounts), prng.below(5))),
    () => toCoin(call("transfer(address,uint256)", pick(accounts), 10n ** 40n)),
    () => toCoin(call("mint(address,uint256)", pick(accounts), prng.below(1_000))),
    () => toCoin(call("approve(address,uint256)", pick(accounts), prng.below(3))),
    () => toCoin(call("transferFrom(address,address,uint256)", pick(accounts), pick(accounts), 1)),
    () => toWork(3_000_000, call("store(uint256)", 1 + prng.below(60))),
    () => toWork(4_000_000, call("compute(uint256)", 1 + prng.below(8_000))),
    () => toWork(2_000_000, call("hash(uint256)", 1 + prng.below(3_000))),
    () => toWork(6_000_000, call("create(uint256)", 1 + prng.below(8)), prng.below(10)),
    () => toWork(3_000_000, call("nest(uint256)", prng.below(40))),
    () => toWork(3_000_000, call("pay(address,address,uint256)", coin, stranger(), prng.below(30))),
    () => toWork(8_000_000, `0x${selector("precompiles(bytes)")}${bytesArgument(pick(PRECOMPILE_INPUTS))}`),
    () => toWork(300_000, call("fail(uint256)", prng.below(9))),
    // Less gas than it takes, by a little or by much.
    () => toWork(25_000 + prng.below(60_000), call("store(uint256)", 20)),
    () => toCoin(call("mint(address,uint256)", stranger(), 1), 22_500 + prng.below(50_000)),
    () => ({ gas: hex(3_000_000), data: creations.coin }),
    // Whatever these bytes do as init code.
    () => ({ gas: hex(200_000), data: `0x${Buffer.from(prng.bytes(1 + prng.below(60))).toString("hex")}` }),
  ];
  return () => {
    const first = prng.below(accounts.length);
    return Array.from({ length: 1 + prng.below(accounts.length) }, (_, index) => ({
      from: accounts[(first + index) % accounts.length],
      ...pick(kinds)(),
    }));
  };
}
