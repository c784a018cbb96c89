import {
  createInterpreterEngine,
  createKeccakKernel,
  createMemoryStore,
  createSignatureSuite,
} from "@festina/adapters";
import { DEV_VALIDATOR } from "@festina/chainspec";
import { addressOfSecretKey } from "@festina/crypto";
import { type ChainTools, openChain } from "@festina/node";
import { bytesToHex, hexToBytes } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { createDevOwner, knownRegistry, trustDevValidator } from "../src/knownValidator.ts";
import { devSpec } from "./devFixture.ts";

const suite = createSignatureSuite("ed25519");

describe("what is known of a development chain's validator", () => {
  it("is its public key, in the suite of the chain and no other", () => {
    const secretKey = hexToBytes(DEV_VALIDATOR.signingKey);
    expect(bytesToHex(trustDevValidator(suite).publicKey(secretKey))).toBe(bytesToHex(suite.publicKey(secretKey)));
    const other = new Uint8Array(32).fill(5);
    expect(trustDevValidator(suite).publicKey(other)).toEqual(suite.publicKey(other));
    const bls = createSignatureSuite("bls");
    expect(trustDevValidator(bls).publicKey(secretKey)).toEqual(bls.publicKey(secretKey));
  });

  it("is what it signed here, word for word, and nothing that others say", () => {
    let checks = 0;
    const counting = {
      ...suite,
      verify: (...args: Parameters<typeof suite.verify>) => {
        checks += 1;
        return suite.verify(...args);
      },
      verifyAggregate: (...args: Parameters<typeof suite.verifyAggregate>) => {
        checks += 1;
        return suite.verifyAggregate(...args);
      },
    };
    const trusting = trustDevValidator(counting);
    const [secretKey, message] = [hexToBytes(DEV_VALIDATOR.signingKey), Uint8Array.of(1, 2, 3)];
    const key = hexToBytes(DEV_VALIDATOR.publicKey);
    const signature = trusting.sign(secretKey, message);
    expect(suite.verify(key, message, signature)).toBe(true);
    const aggregate = suite.aggregate([signature])!;
    expect([trusting.verify(key, message, signature), trusting.verifyAggregate([key], message, aggregate)]).toEqual([
      true,
      true,
    ]);
    expect(checks).toBe(0);

    const other = suite.sign(secretKey, Uint8Array.of(4));
    expect(trusting.verify(key, Uint8Array.of(4), other)).toBe(true);
    expect(trusting.verify(key, Uint8Array.of(4), signature)).toBe(false);
    const stranger = new Uint8Array(32).fill(5);
    const strangersKey = suite.publicKey(stranger);
    expect(trusting.verify(strangersKey, message, signature)).toBe(false);
    expect(trusting.verifyAggregate([strangersKey], message, aggregate)).toBe(false);
    expect(trusting.verifyAggregate([key, key], message, aggregate)).toBe(false);
    expect(trusting.verify(strangersKey, message, trusting.sign(stranger, message))).toBe(true);
    expect(checks).toBe(6);
  });

  it("is its owner", () => {
    expect(createDevOwner().address).toBe(addressOfSecretKey(hexToBytes(DEV_VALIDATOR.ownerKey)));
  });

  it("is what the registry's own code would write, whatever the chain's time and name", async () => {
    for (const chainId of [31_337n, 7n]) {
      const spec = { ...devSpec({ chainId }), genesisTimeSeconds: Number(chainId) };
      const slots = knownRegistry(spec);
      const tools = (): ChainTools => ({
        spec,
        suite,
        store: createMemoryStore(),
        engine: createInterpreterEngine(),
        keccak: createKeccakKernel(),
      });
      const worked = await openChain(tools());
      const known = await openChain({ ...tools(), registrySlots: slots ?? [] });
      expect(known.committed.genesisHash).toBe(worked.committed.genesisHash);
      const none = await openChain({ ...tools(), registrySlots: [] });
      expect(none.committed.genesisHash).not.toBe(worked.committed.genesisHash);
    }
  });

  it("is nothing where the chain begins otherwise", () => {
    const spec = devSpec();
    const [validator] = spec.genesisValidators;
    expect(knownRegistry({ ...spec, unbondingSeconds: 1 })).toBeNull();
    expect(knownRegistry({ ...spec, genesisValidators: [] })).toBeNull();
    if (validator === undefined) throw new Error("a development chain has a validator");
    expect(knownRegistry({ ...spec, genesisValidators: [{ ...validator, depositWei: 1n }] })).toBeNull();
  });
});
