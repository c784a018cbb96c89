// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Voting keys of 0, 32 (Ed25519) or 33 bytes (secp256k1, compressed), in 34 bytes of storage
library VotingKeys {
    error InvalidVotingKey();

    /// @return length of the key
    /// @return head the first byte of a key of 33
    /// @return tail the last 32 bytes
    function split(bytes calldata key) internal pure returns (uint8 length, bytes1 head, bytes32 tail) {
        if (key.length == 0) return (0, 0, 0);
        if (key.length != 32 && key.length != 33) revert InvalidVotingKey();
        return (uint8(key.length), key.length == 33 ? key[0] : bytes1(0), bytes32(key[key.length - 32:]));
    }

    function join(uint8 length, bytes1 head, bytes32 tail) internal pure returns (bytes memory) {
        if (length == 0) return "";
        return length == 32 ? abi.encodePacked(tail) : abi.encodePacked(head, tail);
    }
}
