// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Emits whatever a test wants, among it what looks like money moving and things being renamed.
contract Probe {
    struct Pair {
        address account;
        uint128 amount;
    }

    event Moved(uint32 indexed city, address indexed to, uint24 points);
    event Named(uint32 indexed id, string name, bytes note);
    event ChildMade(uint32 id, address child);
    event Everything(
        int8 small,
        int256 signed,
        uint64 wide,
        uint256 widest,
        bool yes,
        bytes4 selector,
        uint48 time,
        uint32[] list,
        Pair[] pairs,
        string indexed hashed,
        address to
    );

    function move(uint32 city, address[] calldata to, uint24 points) external {
        for (uint256 i; i < to.length; ++i) emit Moved(city, to[i], points);
    }

    function name(uint32 id, string calldata text, bytes calldata note) external {
        emit Named(id, text, note);
    }

    /// @notice Makes a child and uses it at once.
    function make(uint32 id, uint256 value) external {
        Child child = new Child();
        emit ChildMade(id, address(child));
        child.ping(value);
    }

    function everything(
        int8 small,
        int256 signed,
        uint256 widest,
        uint32[] calldata list,
        Pair[] calldata pairs,
        string calldata hashed
    ) external {
        emit Everything(
            small, signed, type(uint64).max, widest, true, 0xdeadbeef, type(uint48).max, list, pairs, hashed, msg.sender
        );
    }
}

contract Child {
    event Pinged(uint256 value);

    function ping(uint256 value) external {
        emit Pinged(value);
    }
}
