// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title ContractWallet
/// @notice A wallet that is a contract and signs by its owner's key (ERC-1271). For tests only.
contract ContractWallet is IERC1271 {
    address public immutable owner;

    /// @notice Where the signature check calls back to, and with what; none where zero.
    address public target;
    bytes public data;

    constructor(address owner_) {
        owner = owner_;
    }

    /// @notice From now on every look at a signature tries to call `target` too.
    function misbehave(address target_, bytes calldata data_) external {
        target = target_;
        data = data_;
    }

    /// @notice Calls as the wallet; fails as the call fails.
    function execute(address to, bytes calldata input) external returns (bytes memory) {
        return _call(to, input);
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        if (target != address(0)) {
            (bool done, bytes memory answer) = target.staticcall(data);
            if (!done) _fail(answer);
        }
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
        return signer == owner ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    function _call(address to, bytes memory input) private returns (bytes memory) {
        (bool done, bytes memory answer) = to.call(input);
        if (!done) _fail(answer);
        return answer;
    }

    function _fail(bytes memory answer) private pure {
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }
}
