// Calls of precompiled contracts, each with an input that it accepts.
import { createPublicKey, generateKeyPairSync, hash, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { assemble } from "./assemble.mjs";

const word = (value) => BigInt(value).toString(16).padStart(64, "0");
const OPENSSL = "node:crypto";
const MCL = "mcl-wasm";

const BN_G1 = word(1) + word(2);
const BN_G2 =
  "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c21800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed" +
  "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";
const coordinate = (hex) => hex.padStart(128, "0");
const BLS_X = "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";
const BLS_G1 =
  coordinate(BLS_X) +
  coordinate("08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1");
const BLS_G2 = [
  "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8",
  "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e",
  "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801",
  "0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be",
]
  .map(coordinate)
  .join("");
const SCALAR = "6d".repeat(32);

/** An odd modulus, a base below it, and an exponent of ones and zeros in turn, all of `bytes` bytes. */
const power = (bytes) => word(bytes).repeat(3) + "03".repeat(bytes) + "55".repeat(bytes) + "7f".repeat(bytes);
const blake2 = (rounds) => `${rounds.toString(16).padStart(8, "0")}${"5a".repeat(208)}01`;

function p256Signature() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const { x = "", y = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const message = Buffer.from("festina");
  const signature = sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
  const parts = [
    hash("sha256", message, "buffer"),
    signature,
    Buffer.from(x, "base64url"),
    Buffer.from(y, "base64url"),
  ];
  return Buffer.concat(parts).toString("hex");
}

/** That the polynomial x has the value 5 at 5: its commitment is tau times the base point, the proof the base point itself. */
function evaluation() {
  const { g1_monomial: powers } = JSON.parse(
    readFileSync(new URL("../../../node_modules/viem/trusted-setups/mainnet.json", import.meta.url), "utf8"),
  );
  const [base, tau] = powers.map((power) => power.slice(2));
  const versioned = `01${hash("sha256", Buffer.from(tau, "hex"), "hex").slice(2)}`;
  return versioned + word(5) + word(5) + tau + base;
}

/** `whole`: an input that costs what a transaction may have, where one call can cost so much. */
export const precompiles = () => [
  // Nobody's signature of this hash: recovery finds a point all the same.
  {
    name: "ecrecover",
    address: 1,
    library: "secp256k1",
    input: "11".repeat(32) + word(27) + "22".repeat(32) + "33".repeat(32),
  },
  { name: "sha256", address: 2, library: OPENSSL, input: "ab".repeat(128), whole: "ab".repeat(1 << 20) },
  { name: "ripemd160", address: 3, library: OPENSSL, input: "ab".repeat(128), whole: "ab".repeat(1 << 20) },
  { name: "identity", address: 4, library: "none", input: "ab".repeat(128), whole: "ab".repeat(1 << 20) },
  { name: "modexp", address: 5, library: "BigInt", input: power(32) },
  // Exponents of ones are the slowest; 176 bytes are what a whole transaction pays for.
  {
    name: "modexpRsa",
    address: 5,
    library: "BigInt",
    input: power(128),
    whole: word(176) + word(1_024) + word(176) + "f3".repeat(176) + "ff".repeat(1_024) + "7f".repeat(176),
  },
  { name: "bn254Add", address: 6, library: MCL, input: BN_G1 + BN_G1 },
  { name: "bn254Mul", address: 7, library: MCL, input: BN_G1 + SCALAR },
  {
    name: "bn254Pairing",
    address: 8,
    library: MCL,
    input: (BN_G1 + BN_G2).repeat(4),
    whole: (BN_G1 + BN_G2).repeat(480),
  },
  { name: "blake2f", address: 9, library: "own kernel", input: blake2(1_000), whole: blake2(16_000_000) },
  { name: "pointEvaluation", address: 10, library: MCL, input: evaluation() },
  { name: "bls12G1Add", address: 11, library: MCL, input: BLS_G1 + BLS_G1 },
  {
    name: "bls12G1Msm",
    address: 12,
    library: MCL,
    input: (BLS_G1 + SCALAR).repeat(8),
    whole: (BLS_G1 + SCALAR).repeat(2_500),
  },
  { name: "bls12G2Add", address: 13, library: MCL, input: BLS_G2 + BLS_G2 },
  {
    name: "bls12G2Msm",
    address: 14,
    library: MCL,
    input: (BLS_G2 + SCALAR).repeat(4),
    whole: (BLS_G2 + SCALAR).repeat(1_350),
  },
  {
    name: "bls12Pairing",
    address: 15,
    library: MCL,
    input: (BLS_G1 + BLS_G2).repeat(4),
    whole: (BLS_G1 + BLS_G2).repeat(500),
  },
  { name: "bls12MapG1", address: 16, library: MCL, input: coordinate(BLS_X) },
  { name: "bls12MapG2", address: 17, library: MCL, input: coordinate(BLS_X).repeat(2) },
  { name: "p256Verify", address: 0x100, library: MCL, input: p256Signature() },
];

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const CALL = (address) => `64 CALLDATASIZE CALLDATASIZE 0 ${address} GAS STATICCALL`;
const CALLS = 20;

/** Loops of some calls, whose last output is returned. */
export function precompileLoops() {
  return precompiles().map(({ name, address, library, input }) => ({
    name,
    library,
    code: assemble(
      `CALLDATASIZE 0 0 CALLDATACOPY ${CALLS} :again ${CALL(address)} POP 1 SWAP1 SUB DUP1 @again JUMPI 64 CALLDATASIZE RETURN`,
    ),
    data: bytes(input),
  }));
}

/** Whole transactions' worth of calls, as long ones as can be. */
export function endlessPrecompiles() {
  return precompiles().map(({ name, address, input, whole = input }) => ({
    name,
    code: assemble(`CALLDATASIZE 0 0 CALLDATACOPY :again ${CALL(address)} POP @again JUMP`),
    data: bytes(whole),
  }));
}
