// A block of real-shaped transactions: swaps, transfers and mints by as many senders, each with one.
import { keccak256 } from "@festina/crypto";
import { bytesToHex, toAddress } from "@festina/primitives";
import { TRANSACTION_TYPE } from "@festina/types";
import { compileSolidity } from "../../compileSolidity.mjs";

const TRANSACTIONS = 500;
/** Minted to each trader, more than a trade takes. */
const AMOUNT = 10n ** 24n;
const TRADE = 10n ** 18n;
const TRADE_GAS = 300_000n;
/** As many as one transaction can give tokens to. */
const OPENED_AT_ONCE = 100;
const OPENING_GAS = 12_000_000n;
export const PRICE_WEI = 10n ** 10n;
const TIP_WEI = 10n ** 9n;

const number = (value) => toAddress(bytesOf(value, 20));
const bytesOf = (value, size) =>
  Uint8Array.from(
    Buffer.from(
      BigInt(value)
        .toString(16)
        .padStart(2 * size, "0"),
      "hex",
    ),
  );
const FIRST_TRADER = 0x7000_0000n;
const FIRST_RECEIVER = 0x7100_0000n;
const RECEIVERS = 64n;
export const FOUNDER = number(0x6000_0000n);
export const TRADERS = Array.from({ length: TRANSACTIONS }, (_, i) => number(FIRST_TRADER + BigInt(i)));

function callData(signature, ...numbers) {
  const selector = keccak256(new TextEncoder().encode(signature)).subarray(0, 4);
  return Uint8Array.from(Buffer.concat([selector, ...numbers.map((value) => bytesOf(value, 32))]));
}

/** What the creator's `nonce`-th creation is called (0 < nonce < 128). */
function creationOf(creator, nonce) {
  const preimage = Buffer.from(`d694${creator.slice(2)}${nonce.toString(16).padStart(2, "0")}`, "hex");
  return toAddress(keccak256(Uint8Array.from(preimage)).subarray(12));
}

const fieldsOf = (to, data, gasLimit, nonce = 0n) => ({
  type: TRANSACTION_TYPE.feeMarket,
  nonce,
  maxFeePerGasWei: PRICE_WEI,
  maxPriorityFeePerGasWei: TIP_WEI,
  gasLimit,
  to,
  valueWei: 0n,
  data,
  accessList: [],
  authorizations: [],
  sponsorship: null,
});

/** `{ sender, fields }` of what comes before, and of the block that is measured. */
export function mixedBlock() {
  const folder = new URL("contracts/", import.meta.url);
  const { Market } = compileSolidity({ folder, names: ["Market"] });
  // The founder's nonce is 1, so that no peer takes it for an empty account.
  const market = creationOf(FOUNDER, 1);
  const firstToken = creationOf(market, 1);
  const creation = Uint8Array.from(Buffer.from(Market.creation.slice(2), "hex"));
  const openings = Array.from({ length: TRANSACTIONS / OPENED_AT_ONCE }, (_, i) => {
    const from = FIRST_TRADER + BigInt(i * OPENED_AT_ONCE);
    const data = callData("open(address,uint256,uint256)", from, OPENED_AT_ONCE, AMOUNT);
    return { sender: FOUNDER, fields: fieldsOf(market, data, OPENING_GAS, BigInt(i) + 2n) };
  });
  const trades = TRADERS.map((sender, i) => {
    const receiver = FIRST_RECEIVER + (BigInt(i) % RECEIVERS);
    const calls = [
      [market, callData("swap(uint256,uint256)", TRADE + BigInt(i), 1)],
      [firstToken, callData("transfer(address,uint256)", receiver, TRADE)],
      [market, callData("mint(uint256)", TRADE)],
    ];
    const [to, data] = calls[i % calls.length];
    return { sender, fields: fieldsOf(to, data, TRADE_GAS) };
  });
  return { before: [{ sender: FOUNDER, fields: fieldsOf(null, creation, OPENING_GAS, 1n) }, ...openings], trades };
}

/** As the peer's RPC takes it. */
export const toRequest = ({ sender, fields }) => ({
  from: sender,
  ...(fields.to !== null && { to: fields.to }),
  nonce: `0x${fields.nonce.toString(16)}`,
  gas: `0x${fields.gasLimit.toString(16)}`,
  maxFeePerGas: `0x${fields.maxFeePerGasWei.toString(16)}`,
  maxPriorityFeePerGas: `0x${fields.maxPriorityFeePerGasWei.toString(16)}`,
  data: bytesToHex(fields.data),
});
