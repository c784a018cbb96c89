// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A plain token whose operations repeat inside one call.
contract TokenLoops is ERC20 {
    constructor() ERC20("Loops", "LPS") {}

    function transfers(uint256 count) external returns (uint256) {
        _mint(msg.sender, count);
        for (uint256 i = 0; i < count; ++i) transfer(address(uint160(0x10000 + (i & 0x3ff))), 1);
        return totalSupply();
    }

    function mints(uint256 count) external returns (uint256) {
        for (uint256 i = 0; i < count; ++i) _mint(msg.sender, i);
        return balanceOf(msg.sender);
    }
}
