// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TestToken} from "./TestToken.sol";

/// @title BadToken
/// @notice A token that misbehaves in the way that it is told to. For tests only.
contract BadToken is TestToken {
    enum Manner {
        Good,
        TakesFee,
        SaysFalse,
        Reverts,
        CallsBack,
        SaysNothing
    }

    error BadToken_Refused();

    Manner public manner;
    address public target;
    bytes public data;

    /// @notice Accounts that neither give nor get, whatever the manner.
    mapping(address account => bool) public blocked;

    function setBlocked(address account, bool blocked_) external {
        blocked[account] = blocked_;
    }

    function behave(Manner manner_) external {
        manner = manner_;
    }

    /// @notice Every transfer first calls `target_` with `data_`, and fails as that call fails.
    function callBack(address target_, bytes calldata data_) external {
        manner = Manner.CallsBack;
        target = target_;
        data = data_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        _misbehave(msg.sender, to);
        super.transfer(to, amount);
        if (manner == Manner.TakesFee) _burn(to, 1);
        return _answer();
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        _misbehave(from, to);
        super.transferFrom(from, to, amount);
        if (manner == Manner.TakesFee) _burn(to, 1);
        return _answer();
    }

    function _misbehave(address from, address to) private {
        if (manner == Manner.Reverts || blocked[from] || blocked[to]) revert BadToken_Refused();
        if (manner == Manner.CallsBack) {
            (bool done, bytes memory answer) = target.call(data);
            if (!done) {
                assembly ("memory-safe") {
                    revert(add(answer, 32), mload(answer))
                }
            }
        }
    }

    /// @dev Some tokens of old answer nothing at all.
    function _answer() private view returns (bool) {
        if (manner == Manner.SaysNothing) {
            assembly {
                return(0, 0)
            }
        }
        return manner != Manner.SaysFalse;
    }
}
