// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

contract Counter {
    uint256 public count;
    address public immutable owner;

    event Counted(address indexed by, uint256 count);
    error TooMuch(uint256 asked, uint256 most);

    constructor(uint256 start) {
        count = start;
        owner = msg.sender;
    }

    function add(uint256 amount) external {
        if (amount > 100) revert TooMuch(amount, 100);
        count += amount;
        emit Counted(msg.sender, count);
    }

    function reset() external {
        require(msg.sender == owner, "only the owner");
        count = 0;
    }
}
