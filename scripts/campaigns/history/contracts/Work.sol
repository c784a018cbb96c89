// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import "./Coin.sol";

contract Child {
    uint256 public immutable number;

    constructor(uint256 given) payable {
        require(given % 7 != 0, "no sevens");
        number = given;
    }

    function leave(address payable to) external {
        selfdestruct(to);
    }
}

/// A little of everything that contracts do, each with a number that says how much of it.
contract Work {
    error Refused(uint256 number, address who);

    event Done(address indexed who, uint256 indexed number, bytes32 result);

    mapping(uint256 => uint256) public slots;
    uint256 public total;

    function store(uint256 count) external {
        for (uint256 i = 0; i < count; i++) {
            uint256 key = uint256(keccak256(abi.encode(total, i))) % 512;
            slots[key] = slots[key] == 0 ? i + 1 : (i % 3 == 0 ? 0 : slots[key] * 5 + i);
        }
        total += count;
        emit Done(msg.sender, count, bytes32(total));
    }

    function compute(uint256 count) external returns (uint256 x) {
        x = uint256(keccak256(abi.encode(msg.sender, total)));
        unchecked {
            for (uint256 i = 1; i <= count; i++) {
                x = x * 0xd1342543de82ef95 + i;
                x ^= x >> 29;
                if (i % 16 == 0) x = mulmod(x, i, type(uint256).max - 58) / (i + 3);
                if (i % 32 == 0) x = addmod(x, x, 0xffffffff00000001) ** 3 - uint256(int256(x) / -3);
            }
        }
        total = x;
    }

    function hash(uint256 count) external returns (bytes32 result) {
        result = bytes32(total);
        for (uint256 i = 0; i < count; i++) result = keccak256(abi.encodePacked(result, i));
        emit Done(msg.sender, count, result);
    }

    function create(uint256 count) external payable {
        for (uint256 i = 0; i < count; i++) {
            try new Child{salt: bytes32(total + i), value: i % 2 == 0 ? 0 : msg.value / 2}(total + i) returns (Child child) {
                if (i % 3 == 0) child.leave(payable(msg.sender));
            } catch {
                slots[i]++;
            }
        }
        total += count;
    }

    function nest(uint256 depth) external returns (uint256) {
        if (depth == 0) return total;
        if (depth % 5 == 0) revert Refused(depth, msg.sender);
        try this.nest(depth - 1) returns (uint256 found) {
            total = found + 1;
        } catch (bytes memory why) {
            total += why.length;
        }
        return total;
    }

    function pay(Coin coin, address to, uint256 count) external {
        coin.mint(address(this), count);
        for (uint256 i = 0; i < count; i++) coin.transfer(to, 1);
    }

    function precompiles(bytes calldata input) external {
        for (uint160 at = 1; at <= 18; at++) ask(at == 18 ? 0x100 : at, input);
    }

    function ask(uint160 at, bytes calldata input) private {
        (bool isDone, bytes memory output) = address(at).staticcall{gas: 200_000}(input);
        emit Done(address(at), isDone ? 1 : 0, keccak256(output));
    }

    function fail(uint256 how) external {
        total++;
        if (how == 0) revert("refused");
        if (how == 1) revert Refused(how, msg.sender);
        if (how == 2) assert(false);
        if (how == 3) assembly { invalid() }
        if (how == 4) assembly { mstore(0x1000000000000, 1) }
        if (how == 5) while (true) total++;
        if (how == 6) assembly { returndatacopy(0, 0, 33) }
        uint256[] memory none = new uint256[](0);
        total = none[how];
    }

    receive() external payable {}
}
