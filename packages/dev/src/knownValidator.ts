import { type ChainSpec, createDevSpec, DEV_VALIDATOR } from "@festina/chainspec";
import { type AccountSigner, type SignatureSuite, signHash } from "@festina/crypto";
import type { RegistrySlots } from "@festina/fastchain";
import { bytesToHex, equalBytes, hexToBytes, LruMap } from "@festina/primitives";

/** The only validator of a development chain is the same on each of them: nothing about it has to be worked out at a start. */

/** Three votes a block, and certificates that later blocks carry. */
const OWN_SIGNATURES_MAX = 512;

/** What was signed with the known key in this process needs no check: nobody else could have handed it in. */
function rememberSigned(
  suite: SignatureSuite,
  known: Uint8Array,
): Pick<SignatureSuite, "sign" | "verify" | "verifyAggregate"> {
  const messages = new LruMap<string, Uint8Array>(OWN_SIGNATURES_MAX);
  const isOwn = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
    const signed = equalBytes(publicKey, known) ? messages.get(bytesToHex(signature)) : undefined;
    return signed !== undefined && equalBytes(signed, message);
  };
  return {
    sign: (secretKey, message) => {
      const signature = suite.sign(secretKey, message);
      if (bytesToHex(secretKey) === DEV_VALIDATOR.signingKey) messages.set(bytesToHex(signature), message.slice());
      return signature;
    },
    verify: (publicKey, message, signature) =>
      isOwn(publicKey, message, signature) || suite.verify(publicKey, message, signature),
    // An aggregate of one signature is that signature.
    verifyAggregate: (publicKeys, message, aggregate) => {
      const [only] = publicKeys;
      return (
        (publicKeys.length === 1 && only !== undefined && isOwn(only, message, aggregate)) ||
        suite.verifyAggregate(publicKeys, message, aggregate)
      );
    },
  };
}

/** The suite of votes that knows the validator's public key, that it has its secret one, and what it signed with it here. */
export function trustDevValidator(suite: SignatureSuite): SignatureSuite {
  const known = hexToBytes(DEV_VALIDATOR.publicKey);
  if (known.length !== suite.publicKeyBytes) return { ...suite, verifyPossession: () => true };
  const publicKey = (secretKey: Uint8Array): Uint8Array =>
    bytesToHex(secretKey) === DEV_VALIDATOR.signingKey ? known : suite.publicKey(secretKey);
  return { ...suite, ...rememberSigned(suite, known), publicKey, verifyPossession: () => true };
}

/** Signs as the validator's owner. */
export function createDevOwner(): AccountSigner {
  const secretKey = hexToBytes(DEV_VALIDATOR.ownerKey);
  return { address: DEV_VALIDATOR.address, sign: (hash) => signHash(hash, secretKey) };
}

const { address, publicKey } = DEV_VALIDATOR;
const [KEY_BEGIN, KEY_END] = [BigInt(publicKey.slice(0, 66)), BigInt(`0x${publicKey.slice(66, 98)}`)];
const VOTING_KEY = BigInt(`0x${publicKey.slice(98)}`);
/** Beside the end of the BLS key: how many bytes the voting key has. */
const VOTING_KEY_LENGTH = 32n << 136n;
/** The place of the validator's record, and those of the lists and indexes that name it. */
const RECORD = 0x3341b2170bf6ddbda26fd4abadd179a6c3563faf1dafd06c34da39016dff961an;
const LISTED = 0x405787fa12a823e0f2b7631cc41b3ba8828b3321ca811111fa75cd3aa3bb5acen;
const KEY_OWNER = 0x6cd45e9023472907a796d579a8101389defbe34495f58ec37f6ac8227747f1dfn;

/** What the registry writes when it is told of the validator; a test has it told and compares. */
function registrySlots({ depositPerSeatWei, unbondingSeconds }: ChainSpec): RegistrySlots {
  return [
    [0n, depositPerSeatWei],
    [1n, (1n << 112n) | BigInt(unbondingSeconds)],
    [2n, 1n],
    [RECORD, (1n << 224n) | BigInt(address)],
    [RECORD + 1n, (1n << 192n) | depositPerSeatWei],
    [RECORD + 2n, KEY_BEGIN],
    [RECORD + 3n, VOTING_KEY_LENGTH | KEY_END],
    [RECORD + 4n, VOTING_KEY],
    [LISTED, BigInt(address)],
    [KEY_OWNER, BigInt(address)],
  ];
}

/** `null` for a chain that begins with other validators, or other terms, than those of today. */
export function knownRegistry(spec: ChainSpec): RegistrySlots | null {
  const today = createDevSpec({ ...spec, gasLimit: spec.preset.fastGasLimit, accounts: spec.genesisAccounts });
  const isSame =
    spec.depositPerSeatWei === today.depositPerSeatWei &&
    spec.unbondingSeconds === today.unbondingSeconds &&
    spec.genesisValidators.length === today.genesisValidators.length &&
    today.genesisValidators.every((validator, index) => {
      const other = spec.genesisValidators[index];
      return (
        other !== undefined &&
        (["address", "payout", "publicKey", "depositWei"] as const).every((name) => other[name] === validator[name])
      );
    });
  return isSame ? registrySlots(spec) : null;
}
