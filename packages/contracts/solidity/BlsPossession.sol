// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Proof of possession of a BLS12-381 key
/// @notice Checks, through the precompiles of EIP-2537, a signature of a public key over itself: scheme "PoP" of
/// draft-irtf-cfrg-bls-signature with keys in G1 and signatures in G2. Points arrive as EIP-2537 writes them: G1 in
/// 128 bytes (x, y), G2 in 256 bytes (x.c0, x.c1, y.c0, y.c1), each coordinate big-endian in 64 bytes.
library BlsPossession {
    uint256 internal constant KEY_BYTES = 128;
    uint256 internal constant PROOF_BYTES = 256;

    address private constant MODEXP = address(0x05);
    address private constant G2_ADD = address(0x0d);
    address private constant PAIRING = address(0x0f);
    address private constant MAP_FP2_TO_G2 = address(0x11);

    /// "BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_" and its length in one byte (RFC 9380, 5.3.1: DST_prime).
    bytes private constant DOMAIN = "BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_\x2b";

    /// The field's prime p, 48 bytes.
    bytes private constant PRIME =
        hex"1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";

    /// (p - 1) / 2 in two words as a coordinate is: 16 zero bytes and the upper 16, then the lower 32.
    uint256 private constant HALF_HIGH = 0x0d0088f51cbff34d258dd3db21a5d66b;
    uint256 private constant HALF_LOW = 0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;

    /// The generator of G1, negated.
    bytes private constant NEGATED_GENERATOR =
        hex"0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
        hex"00000000000000000000000000000000114d1d6855d545a8aa7d76c8cf2e21f267816aef1db507c96655b9d5caac42364e6f38ba0ecb751bad54dcd6b939c2ca";

    error PrecompileFailed(address precompile);

    /// The 48-byte form of a key: x with the flags "compressed" and, if y is the larger of its pair, "sign".
    /// @param key 128 bytes; whether it is a point is decided by `isProven`
    function compress(bytes memory key) internal pure returns (bytes32 head, bytes16 tail) {
        uint256 high;
        uint256 low;
        uint256 yHigh;
        uint256 yLow;
        assembly ("memory-safe") {
            high := mload(add(key, 0x20))
            low := mload(add(key, 0x40))
            yHigh := mload(add(key, 0x60))
            yLow := mload(add(key, 0x80))
        }
        bool isLarger = yHigh > HALF_HIGH || (yHigh == HALF_HIGH && yLow > HALF_LOW);
        uint256 flags = uint256(isLarger ? 0xa0 : 0x80) << 248;
        head = bytes32(flags | (high << 128) | (low >> 128));
        tail = bytes16(uint128(low));
    }

    /// The point at infinity pairs to one with everything, so that it would prove itself.
    function isInfinity(bytes memory key) internal pure returns (bool) {
        uint256 any;
        assembly ("memory-safe") {
            any := or(or(mload(add(key, 0x20)), mload(add(key, 0x40))), or(mload(add(key, 0x60)), mload(add(key, 0x80))))
        }
        return any == 0;
    }

    /// Whether e(key, H(compressed key)) = e(generator, proof). The pairing precompile refuses coordinates that are not
    /// below p, points off the curve and points outside the subgroup; all of these answer `false`.
    /// @param key 128 bytes, not infinity
    /// @param proof 256 bytes
    function isProven(bytes memory key, bytes memory proof, bytes memory compressed) internal view returns (bool) {
        bytes memory input = abi.encodePacked(key, hashToG2(compressed), NEGATED_GENERATOR, proof);
        (bool succeeded, bytes memory answer) = PAIRING.staticcall(input);
        return succeeded && answer.length == 32 && abi.decode(answer, (uint256)) == 1;
    }

    /// hash_to_curve of RFC 9380, suite BLS12381G2_XMD:SHA-256_SSWU_RO_. The precompile clears the cofactor of each
    /// mapped point, which by linearity clears that of their sum.
    function hashToG2(bytes memory message) internal view returns (bytes memory) {
        bytes32[8] memory uniform = expand(message);
        bytes memory first = mapToG2(uniform[0], uniform[1], uniform[2], uniform[3]);
        bytes memory second = mapToG2(uniform[4], uniform[5], uniform[6], uniform[7]);
        return run(G2_ADD, bytes.concat(first, second), PROOF_BYTES);
    }

    function mapToG2(bytes32 a, bytes32 b, bytes32 c, bytes32 d) private view returns (bytes memory) {
        return run(MAP_FP2_TO_G2, bytes.concat(reduce(a, b), reduce(c, d)), PROOF_BYTES);
    }

    /// 64 bytes modulo p, in 64 bytes.
    function reduce(bytes32 high, bytes32 low) private view returns (bytes memory) {
        bytes memory input = abi.encodePacked(uint256(64), uint256(1), uint256(48), high, low, uint8(1), PRIME);
        return bytes.concat(bytes16(0), run(MODEXP, input, 48));
    }

    /// expand_message_xmd of RFC 9380, 5.3.1, for 256 bytes.
    function expand(bytes memory message) private pure returns (bytes32[8] memory uniform) {
        // 64 zero bytes are one block of SHA-256; 0x0100 is the length in bytes asked for.
        bytes32 start = sha256(abi.encodePacked(bytes32(0), bytes32(0), message, hex"010000", DOMAIN));
        bytes32 previous = 0;
        for (uint256 i = 0; i < 8; i++) {
            previous = sha256(abi.encodePacked(start ^ previous, uint8(i + 1), DOMAIN));
            uniform[i] = previous;
        }
    }

    function run(address precompile, bytes memory input, uint256 answerBytes) private view returns (bytes memory) {
        (bool succeeded, bytes memory answer) = precompile.staticcall(input);
        if (!succeeded || answer.length != answerBytes) revert PrecompileFailed(precompile);
        return answer;
    }
}
