// What is measured: one call each, to a contract at `TARGET`, from `CALLER`.
import { keccak256 } from "@festina/crypto";
import { toAddress } from "@festina/primitives";
import { compileSolidity } from "../../compileSolidity.mjs";
import { precompileLoops } from "./precompiles.mjs";
import { CALLEE, calls, creations, differentCreations, FIRST_SLOT, HELD_SLOTS, LOOPS } from "./programs.mjs";

export const TARGET = toAddress(new Uint8Array(20).fill(0xc0));
export const HELPER = toAddress(new Uint8Array(20).fill(0xd0));
/** Has no code: what a call costs that runs nothing. */
export const NOBODY = toAddress(new Uint8Array(20).fill(0xee));
export const CALLER = toAddress(new Uint8Array(20).fill(0xca));

const word = (value) => Buffer.from(BigInt(value).toString(16).padStart(64, "0"), "hex");

function callData(signature, ...numbers) {
  const selector = keccak256(new TextEncoder().encode(signature)).subarray(0, 4);
  return Uint8Array.from(Buffer.concat([selector, ...numbers.map(word)]));
}

const NOTHING = new Uint8Array();
const held = Array.from({ length: HELD_SLOTS }, (_, i) => [BigInt(FIRST_SLOT + 1 + i), BigInt(1_000_000 + i)]);

/**
 * `{ name, code, data, storage, hasRestarted }`, and of precompiled contracts the `library`; what returns must be the same on every engine
 * and the peer. `storage`: what the contract holds before, in the state after the last block; nothing when absent.
 */
export function workloads() {
  const names = ["TokenLoops", "Hashes", "RayTracer"];
  const compiled = compileSolidity({ folder: new URL("contracts/", import.meta.url), names });
  const [TokenLoops, Hashes, RayTracer] = names.map((name) =>
    Uint8Array.from(Buffer.from(compiled[name].runtime.slice(2), "hex")),
  );
  const helperWord = Uint8Array.from(word(HELPER));
  return [
    ...Object.entries(LOOPS).map(([name, code]) => ({
      name,
      code,
      data: NOTHING,
      storage: name === "storageRead" ? held : [],
    })),
    { name: "storageHeld", code: LOOPS.storageCold, data: NOTHING, storage: held },
    { name: "storageRestart", code: LOOPS.storageRead, data: NOTHING, storage: held, hasRestarted: true },
    { name: "hashes20k", code: Hashes, data: callData("chain(uint256)", 20_000) },
    { name: "erc20Transfer", code: TokenLoops, data: callData("transfers(uint256)", 5_000) },
    { name: "erc20Mint", code: TokenLoops, data: callData("mints(uint256)", 5_000) },
    { name: "rayTracer", code: RayTracer, data: callData("render(uint256,uint256)", 40, 30) },
    { name: "calls", code: calls(5_000), data: helperWord },
    { name: "creations", code: creations(2_000), data: NOTHING },
    { name: "creationsApart", code: differentCreations(2_000), data: NOTHING },
    ...precompileLoops(),
  ];
}

export { CALLEE };
