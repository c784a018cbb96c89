import { bytesToHex, ZERO_ADDRESS } from "@festina/primitives";
import {
  type Certificate,
  type Fruit,
  hashFruit,
  type SnailBlock,
  type SnailHeader,
  signerIndexes,
} from "@festina/types";
import { toQuantity } from "../jsonRpc/params.ts";

function formatSealed(header: SnailHeader): Record<string, unknown> {
  return {
    timestamp: toQuantity(header.timestamp),
    payout: header.payout,
    supports: header.supports === ZERO_ADDRESS ? null : header.supports,
    anchorNumber: toQuantity(header.anchorNumber),
    anchorHash: header.anchorHash,
    pointerHash: header.pointerHash,
    fruitDifficulty: toQuantity(header.fruitDifficulty),
    nonce: toQuantity(header.nonce),
  };
}

export function formatFruit(fruit: Fruit, packedIn: number | null): Record<string, unknown> {
  return {
    hash: hashFruit(fruit),
    ...formatSealed(fruit.header),
    packedIn: packedIn === null ? null : toQuantity(packedIn),
  };
}

export function formatCertificate(certificate: Certificate): Record<string, unknown> {
  return {
    kind: certificate.kind,
    epoch: toQuantity(certificate.epoch),
    view: toQuantity(certificate.view),
    blockHash: certificate.blockHash,
    signers: signerIndexes(certificate.signers),
    signature: bytesToHex(certificate.signature),
  };
}

export function formatSnailBlock(
  found: { readonly block: SnailBlock; readonly hash: string; readonly totalDifficulty: bigint },
  withFruits: boolean,
): Record<string, unknown> {
  const { header, fruits, certificate } = found.block;
  return {
    number: toQuantity(header.number),
    hash: found.hash,
    parentHash: header.parentHash,
    ...formatSealed(header),
    certificateHash: header.certificateHash,
    boundaryHash: header.boundaryHash,
    fruitsRoot: header.fruitsRoot,
    packedFruits: toQuantity(header.packedFruits),
    difficulty: toQuantity(header.difficulty),
    totalDifficulty: toQuantity(found.totalDifficulty),
    certificate: certificate === null ? null : formatCertificate(certificate),
    fruits: withFruits ? fruits.map((fruit) => formatFruit(fruit, header.number)) : fruits.map(hashFruit),
  };
}
