// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A token that its market may move and make.
contract Share is ERC20 {
    address private immutable market = msg.sender;

    constructor(string memory name) ERC20(name, name) {}

    function allowance(address owner, address spender) public view override returns (uint256) {
        return spender == market ? type(uint256).max : super.allowance(owner, spender);
    }

    function mint(address to, uint256 amount) external {
        require(msg.sender == market, "market only");
        _mint(to, amount);
    }
}

/// Two tokens that are swapped at a constant product, with a fee of 0.3 %.
contract Market {
    Share public immutable first = new Share("ONE");
    Share public immutable second = new Share("TWO");
    uint112 private firstReserve;
    uint112 private secondReserve;
    uint256 private nextPosition;
    mapping(uint256 => address) private owners;

    event Swapped(address indexed by, uint256 paid, uint256 bought);
    event Minted(address indexed by, uint256 indexed position);

    /// Gives traders tokens to begin with.
    function open(address from, uint256 count, uint256 amount) external {
        for (uint256 i = 0; i < count; ++i) {
            first.mint(address(uint160(from) + uint160(i)), amount);
            second.mint(address(uint160(from) + uint160(i)), amount);
        }
        first.mint(address(this), amount * count);
        second.mint(address(this), amount * count);
        (firstReserve, secondReserve) = (uint112(amount * count), uint112(amount * count));
    }

    function swap(uint256 paid, uint256 leastBought) external returns (uint256 bought) {
        uint256 withFee = paid * 997;
        bought = (withFee * secondReserve) / (uint256(firstReserve) * 1000 + withFee);
        require(bought >= leastBought, "too little");
        first.transferFrom(msg.sender, address(this), paid);
        second.transfer(msg.sender, bought);
        (firstReserve, secondReserve) = (uint112(firstReserve + paid), uint112(secondReserve - bought));
        emit Swapped(msg.sender, paid, bought);
    }

    /// Pays in both tokens and gets a position of its own.
    function mint(uint256 amount) external returns (uint256 position) {
        first.transferFrom(msg.sender, address(this), amount);
        second.transferFrom(msg.sender, address(this), amount);
        (firstReserve, secondReserve) = (uint112(firstReserve + amount), uint112(secondReserve + amount));
        position = ++nextPosition;
        owners[position] = msg.sender;
        emit Minted(msg.sender, position);
    }
}
