// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title RogueToken
/// @notice Money that misbehaves as it is told: takes a fee, lies, fails, rejects somebody, or calls back and goes on whatever comes of it.
contract RogueToken is ERC20("Rogue rouble", "RRUB") {
    enum Manner {
        Good,
        TakesFee,
        SaysFalse,
        Reverts,
        CallsBack
    }

    Manner public manner;
    mapping(address account => bool) public rejected;
    /// @notice How many calls back did something.
    uint256 public reentered;
    address private _target;
    bytes private _data;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function behave(Manner manner_) external {
        manner = manner_;
    }

    function reject(address account, bool yes) external {
        rejected[account] = yes;
    }

    function callBack(address target, bytes calldata data) external {
        (manner, _target, _data) = (Manner.CallsBack, target, data);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return super.transfer(to, amount) && manner != Manner.SaysFalse;
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        super.transferFrom(from, to, amount);
        if (manner == Manner.TakesFee) _burn(to, 1);
        return manner != Manner.SaysFalse;
    }

    function _update(address from, address to, uint256 amount) internal override {
        require(manner != Manner.Reverts && !rejected[to], "rejected");
        super._update(from, to, amount);
        if (manner == Manner.CallsBack) {
            (bool success,) = _target.call(_data);
            if (success) ++reentered;
        }
    }
}
