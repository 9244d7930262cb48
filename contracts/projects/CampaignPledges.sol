// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {CityRoles} from "../cities/CityRoles.sol";
import {Signatures} from "../kit/Signatures.sol";
import {CampaignTerms} from "./CampaignTerms.sol";
import {ICampaign} from "./ICampaign.sol";

/// @title CampaignPledges
/// @notice How money of backers comes in, and goes out again in its cooling-off time.
abstract contract CampaignPledges is CampaignTerms, EIP712, Nonces, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    bytes32 private constant PLEDGE_TYPEHASH = keccak256(
        "Pledge(address backer,uint96 amount,uint32 cityId,uint8 tier,uint8 source,uint16 edition,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant WITHDRAW_TYPEHASH =
        keccak256("Withdraw(address backer,uint96 amount,uint256 nonce,uint256 deadline)");

    /// @dev A position as kept. `coolingUntil` is seconds after `opens`.
    struct Held {
        uint96 amount;
        uint96 cooling;
        uint32 coolingUntil;
        uint32 cityId;
    }

    /// @dev Positions, each as the one word that is stored, so that it is written once: the fields of `Held`, lowest bits first.
    mapping(address backer => uint256 word) private _positions;

    // --------------------------------------------------------------- pledge

    /// @inheritdoc ICampaign
    function pledge(Pledge calldata given) external nonReentrant {
        _pledge(msg.sender, given);
    }

    /// @inheritdoc ICampaign
    function pledgeWithPermit(Pledge calldata given, Permit calldata permit) external nonReentrant {
        _allow(msg.sender, permit);
        _pledge(msg.sender, given);
    }

    /// @inheritdoc ICampaign
    function pledgeBySig(
        address backer,
        Pledge calldata given,
        uint256 deadline,
        bytes calldata signature,
        Permit calldata permit
    ) external nonReentrant {
        bytes32 content = keccak256(
            abi.encode(
                PLEDGE_TYPEHASH,
                backer,
                given.amount,
                given.cityId,
                given.tier,
                given.source,
                given.edition,
                _useNonce(backer),
                deadline
            )
        );
        _requireSigned(backer, content, deadline, signature);
        _allow(backer, permit);
        _pledge(backer, given);
    }

    function _pledge(address backer, Pledge memory given) private {
        // Check: open, on the terms that the backer read, room for it, and from whom it says.
        uint256 coolingOff = _coolingOff;
        if (_stopped || block.timestamp < _opens || block.timestamp + coolingOff >= _ends) _refuse(phase());
        if (given.edition != _edition) revert Campaign_OtherEdition(_edition, given.edition);
        uint96 amount = given.amount;
        if (amount == 0) revert Campaign_BadAmount(amount);
        uint96 room = _room();
        if (amount > room) revert Campaign_OverCap(room, amount);
        (uint32 citizenOf, bytes32 person) = _requireSource(backer, given);
        Held memory held = _heldBy(backer);
        if (held.amount != 0 && held.cityId != citizenOf) revert Campaign_OtherCity(held.cityId, citizenOf);

        // Effect: the backer has more in the campaign, and what is in cooling-off stays there for longer. The terms see to it
        // that the time fits; what is raised, and so what anybody has, is below the cap.
        unchecked {
            uint256 time = block.timestamp - _opens;
            if (time >= held.coolingUntil) held.cooling = 0;
            held.amount += amount;
            held.cooling += amount;
            held.coolingUntil = uint32(time + coolingOff);
            held.cityId = citizenOf;
            _hold(backer, held);
            (_raised, _frozen) = (_raised + amount, true);
            uint8 taken = _onPledge(backer, given, held.amount);
            emit Pledged(backer, amount, given.cityId, taken, given.source, uint40(block.timestamp + coolingOff));
        }

        // Interaction: the pool counts it, and all of it arrives.
        if (citizenOf != 0 && roundId != 0) pool.countPledge(roundId, backer, person, citizenOf, amount);
        _take(backer, amount);
    }

    /// @dev Reverts unless the backer may name this source, and is of the city.
    /// @return citizenOf The city as whose citizen they pledge; zero: none.
    /// @return person Who they are there.
    function _requireSource(address backer, Pledge memory given)
        private
        view
        returns (uint32 citizenOf, bytes32 person)
    {
        Source source = given.source;
        citizenOf = given.cityId;
        if (source == Source.State || source == Source.NationalProgramme) {
            uint32 payer = citizenOf == 0 ? cityId : citizenOf;
            if (cities.rolesOf(payer, backer) & CityRoles.TREASURER == 0 || !projects.takesPart(projectId, payer)) {
                revert Campaign_NotTheSource(backer, source);
            }
            return (0, 0);
        }
        if (source == Source.Fund && !factory.investorOf(backer).qualified) {
            revert Campaign_NotTheSource(backer, source);
        }
        if (citizenOf != 0) {
            person = cities.nullifierOf(citizenOf, backer);
            if (person == 0) revert Campaign_NotCitizen(citizenOf, backer);
        }
    }

    /// @dev A permit that fails may have been spent by somebody who saw it: what counts is the allowance. One without a deadline is none.
    function _allow(address backer, Permit calldata permit) private {
        if (permit.deadline == 0) return;
        try IERC20Permit(token).permit(
            backer, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s
        ) {} catch {}
    }

    // ------------------------------------------------------------- withdraw

    /// @inheritdoc ICampaign
    function withdraw(address to) external nonReentrant {
        _withdraw(msg.sender, to);
    }

    /// @inheritdoc ICampaign
    function withdrawBySig(address backer, uint256 deadline, bytes calldata signature) external nonReentrant {
        bytes32 content = keccak256(
            abi.encode(WITHDRAW_TYPEHASH, backer, _coolingOf(backer), _useNonce(backer), deadline)
        );
        _requireSigned(backer, content, deadline, signature);
        _withdraw(backer, backer);
    }

    function _withdraw(address backer, address to) private {
        // Check: something in its cooling-off time, and somewhere to send it.
        if (to == address(0)) revert Campaign_ZeroAddress();
        if (_stopped || block.timestamp < _opens || block.timestamp >= _ends) _refuse(phase());
        Held memory held = _heldBy(backer);
        (uint96 amount, uint32 citizenOf) = (held.cooling, held.cityId);
        if (amount == 0 || block.timestamp - _opens >= held.coolingUntil) revert Campaign_Nothing(backer);

        // Effect: as if it had never been pledged.
        uint96 left = held.amount - amount;
        _hold(backer, Held(left, 0, 0, left == 0 ? 0 : citizenOf));
        _raised -= amount;
        uint8 tier = _onWithdraw(backer, amount, left);
        emit PledgeWithdrawn(backer, to, amount, tier);

        // Interaction: the pool counts it no longer, and it is paid.
        if (citizenOf != 0 && roundId != 0) pool.countWithdrawal(roundId, backer, citizenOf, amount);
        _pay(to, amount);
    }

    // ------------------------------------------------------------- recovery

    /// @inheritdoc ICampaign
    function followRecovery(address oldWallet) external nonReentrant {
        // Check: something of a citizen's who has another wallet today.
        Held memory old = _heldBy(oldWallet);
        if (old.cityId == 0) revert Campaign_NotRecovered(0, oldWallet);
        address newWallet = cities.currentWallet(old.cityId, oldWallet);
        if (newWallet == oldWallet) revert Campaign_NotRecovered(old.cityId, oldWallet);

        // Effect: it is added to what the new wallet has, whose city, or none, stays: else a verifier who recovers somebody to another's
        // address could then recover that address. Where it is not this city, what comes cannot be withdrawn any more: the pool, which
        // is told of one city, would go on counting it.
        Held memory held = _heldBy(newWallet);
        uint256 time = block.timestamp - _opens;
        uint32 citizenOf = held.amount == 0 ? old.cityId : held.cityId;
        if (time >= old.coolingUntil || citizenOf != old.cityId) (old.cooling, old.coolingUntil) = (0, 0);
        if (time >= held.coolingUntil) (held.cooling, held.coolingUntil) = (0, 0);
        held.amount += old.amount;
        held.cooling += old.cooling;
        if (old.coolingUntil > held.coolingUntil) held.coolingUntil = old.coolingUntil;
        held.cityId = citizenOf;
        _hold(newWallet, held);
        _clear(oldWallet);
        (uint8 tier, uint96 drawn) = _onMove(oldWallet, newWallet);
        emit PledgeMoved(
            oldWallet,
            newWallet,
            old.amount,
            old.cooling,
            old.coolingUntil == 0 ? 0 : _opens + old.coolingUntil,
            tier,
            drawn
        );
    }

    // ---------------------------------------------------------- of the form

    /// @dev Checks what the form asks of a pledge, and keeps what it has to. `amount` is all that the backer has, this pledge included.
    /// @return taken The tier that the backer took with it; zero: none.
    function _onPledge(address backer, Pledge memory given, uint96 amount) internal virtual returns (uint8 taken) {
        if (given.tier != 0) revert Campaign_UnknownTier(given.tier);
    }

    /// @dev Undoes it for what was withdrawn. `left` is what the backer still has.
    /// @return tier The tier given back to the stock.
    function _onWithdraw(address backer, uint96 amount, uint96 left) internal virtual returns (uint8 tier) {}

    /// @dev Moves what the form, and what comes further down, keep of a wallet.
    function _onMove(address oldWallet, address newWallet) internal virtual returns (uint8 tier, uint96 drawn) {}

    // ------------------------------------------------------------ positions

    function _amountOf(address backer) internal view returns (uint96) {
        return uint96(_positions[backer]);
    }

    function _coolingOf(address backer) internal view returns (uint96) {
        return uint96(_positions[backer] >> 96);
    }

    function _heldBy(address backer) internal view returns (Held memory) {
        uint256 word = _positions[backer];
        return Held(uint96(word), uint96(word >> 96), uint32(word >> 192), uint32(word >> 224));
    }

    function _hold(address backer, Held memory held) private {
        _positions[backer] = uint256(held.amount) | uint256(held.cooling) << 96 | uint256(held.coolingUntil) << 192
            | uint256(held.cityId) << 224;
    }

    function _clear(address backer) internal {
        _positions[backer] = 0;
    }

    // -------------------------------------------------------------- helpers

    function _requireSigned(address signer, bytes32 content, uint256 deadline, bytes calldata signature) internal view {
        if (block.timestamp > deadline) revert Campaign_SignatureExpired(deadline, block.timestamp);
        if (!Signatures.isSignedBy(_hashTypedDataV4(content), signer, signature)) {
            revert Campaign_BadSignature(signer);
        }
    }

    /// @dev Takes by allowance; all of it arrives, or nothing happened.
    function _take(address from, uint256 amount) internal {
        IERC20 money = IERC20(token);
        uint256 before = money.balanceOf(address(this));
        money.safeTransferFrom(from, address(this), amount);
        uint256 received = money.balanceOf(address(this)) - before;
        if (received != amount) revert Campaign_ShortTransfer(address(money), amount, received);
    }

    function _pay(address to, uint256 amount) internal {
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc ICampaign
    function nonces(address backer) public view override(ICampaign, Nonces) returns (uint256) {
        return super.nonces(backer);
    }
}
