// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Token} from "./Token.sol";

interface Vm {
    function startBroadcast(uint256 secretKey) external;
    function stopBroadcast() external;
    function envUint(string calldata name) external view returns (uint256);
    function envAddress(string calldata name) external view returns (address);
}

/// For `forge script`: puts a token on the chain and gives some of it away.
contract UseToken {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function run() external returns (Token token) {
        VM.startBroadcast(VM.envUint("SECRET_KEY"));
        token = new Token("Forged", 1_000_000);
        token.transfer(VM.envAddress("RECEIVER"), 250);
        VM.stopBroadcast();
    }
}
