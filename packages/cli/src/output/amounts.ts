import { fail, ok, type Result } from "@festina/primitives";

const WEI_PER_UNIT: Readonly<Record<string, bigint>> = {
  wei: 1n,
  gwei: 10n ** 9n,
  ether: 10n ** 18n,
  eth: 10n ** 18n,
  coin: 10n ** 18n,
  coins: 10n ** 18n,
};
const AMOUNT = /^(\d+)(?:\.(\d{1,18}))?\s*([a-z]*)$/;

/** "1.5ether", "20 gwei", "7" (wei): the amount in wei. */
export function parseAmount(text: string): Result<bigint, "AMOUNT_INVALID"> {
  const match = AMOUNT.exec(text.trim().toLowerCase());
  const unit = WEI_PER_UNIT[match?.[3] || "wei"];
  if (match === null || unit === undefined) {
    return fail("AMOUNT_INVALID", `"${text}" is no amount; write for example 1.5ether, 20gwei or 7wei`);
  }
  const fraction = match[2] ?? "";
  if (fraction !== "" && match[3] === "")
    return fail("AMOUNT_INVALID", `"${text}" has no unit; write for example ${text}ether or ${text}gwei`);
  const scaled = BigInt(fraction || "0") * unit;
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) return fail("AMOUNT_INVALID", `"${text}" has a fraction of a wei`);
  return ok(BigInt(match[1] as string) * unit + scaled / divisor);
}

const WEI_PER_COIN = 10n ** 18n;
const SHOWN_DIGITS = 6;

/** Whole coins and six digits of a fraction, rounded down: for people to read. */
export function formatCoins(wei: bigint): string {
  const fraction = (wei % WEI_PER_COIN).toString().padStart(18, "0").slice(0, SHOWN_DIGITS).replace(/0+$/, "");
  return `${wei / WEI_PER_COIN}${fraction === "" ? "" : `.${fraction}`}`;
}
