// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

contract Hashes {
    function chain(uint256 count) external pure returns (bytes32 link) {
        for (uint256 i = 0; i < count; ++i) link = keccak256(abi.encodePacked(link, i));
    }
}
