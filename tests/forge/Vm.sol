// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What these tests use of Foundry's cheat codes.
interface Vm {
    function warp(uint256 time) external;
    function prank(address sender) external;
    function getCode(string calldata path) external view returns (bytes memory);
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
    function getNonce(address account) external view returns (uint64);
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
