// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Token} from "./Token.sol";

interface Cheats {
    function prank(address sender) external;
    function envAddress(string calldata name) external view returns (address);
}

/// For `forge test --fork-url`: what a fork has of the chain that it goes on from, and of its own.
contract OnForkTest {
    Cheats private constant CHEATS = Cheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// It answers with its first slot.
    function testOlderContract() public view {
        (bool succeeded, bytes memory answer) = CHEATS.envAddress("READER").staticcall("");
        require(succeeded && abi.decode(answer, (uint256)) == 42, "the older contract");
        require(blockhash(block.number - 1) != 0, "the block before");
    }

    function testNewToken() public {
        Token token = Token(CHEATS.envAddress("TOKEN"));
        address receiver = CHEATS.envAddress("RECEIVER");
        require(token.balanceOf(receiver) == 250, "given by the script");
        CHEATS.prank(receiver);
        token.transfer(address(this), 50);
        require(token.balanceOf(receiver) == 200, "moved");
    }
}
