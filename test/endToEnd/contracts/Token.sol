// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// The plainest token there is: its maker holds all of it.
contract Token is ERC20 {
    constructor(string memory name, uint256 supply) ERC20(name, "TKN") {
        _mint(msg.sender, supply);
    }
}
