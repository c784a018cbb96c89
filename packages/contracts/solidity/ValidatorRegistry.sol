// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlsPossession} from "./BlsPossession.sol";
import {VotingKeys} from "./VotingKeys.sol";

/// @title Who may sit in the committee
/// @notice A validator is the account that registered it; it holds a deposit and a BLS key whose possession was proven,
/// and beside it the voting key that some networks sign with.
/// The protocol calls the functions marked `onlySystem` itself, at genesis and while it executes blocks.
/// The code is placed at genesis, so there is no constructor and nothing immutable.
contract ValidatorRegistry {
    /// What `candidates` and `validator` tell about one validator.
    struct Candidate {
        address validator;
        /// 48 bytes, compressed.
        bytes blsKey;
        /// None, 32 bytes (Ed25519) or 33 (secp256k1, compressed), as it was registered.
        bytes votingKey;
        address payout;
        uint256 depositWei;
        /// Height of the last `ready()`; 0 for validators of the genesis block.
        uint64 readyAt;
        /// Unix seconds; 0 while the validator stays.
        uint64 exitRequestedAt;
        /// No seat until the owner calls `ready()`: after registration, and after the protocol voided the seat.
        bool seatVoid;
        bool slashed;
        /// No seat until the owner calls `unjail()`: it missed too many votes.
        bool jailed;
    }

    struct Entry {
        address payout;
        uint64 readyAt;
        /// Position in `listed` plus one; 0 when not listed.
        uint32 listing;
        uint128 depositWei;
        uint64 exitRequestedAt;
        /// Last epoch of a term, plus one; 0 when never seated.
        uint48 seatedUntil;
        bool seatVoid;
        bool slashed;
        bytes32 keyHead;
        bytes16 keyTail;
        bool jailed;
        /// As `VotingKeys` takes it apart.
        uint8 votingKeyLength;
        bytes1 votingKeyHead;
        bytes32 votingKeyTail;
    }

    /// Bounds the election and what the protocol reads per epoch.
    uint256 public constant VALIDATORS_MAX = 1024;
    /// Bounds one answer of `candidates`; 256 entries cost at most 4.5 million gas.
    uint256 public constant PAGE_MAX = 256;
    /// Of a slashed deposit; the rest leaves the supply.
    uint256 public constant REPORTER_PERCENT = 5;
    /// Answer of `withdrawableAt` while no time can be told yet.
    uint256 public constant UNKNOWN_TIME = type(uint256).max;

    address private constant SYSTEM_CALLER = 0xffffFFFfFFffffffffffffffFfFFFfffFFFfFFfE;

    uint256 public depositPerSeat;
    /// From the end of the last term, or the exit request if later: evidence window and unbonding.
    uint64 public unbondingSeconds;
    uint48 public currentEpoch;
    bool private seatedOnce;

    address[] private listed;
    mapping(address owner => Entry) private entries;
    mapping(bytes32 keyHash => address owner) private ownerOfKey;
    /// Unix seconds of the last block of an epoch.
    mapping(uint256 epoch => uint256) private endedAt;

    event Registered(
        address indexed validator, bytes blsKey, bytes votingKey, address payout, uint256 depositWei
    );
    event DepositAdded(address indexed validator, uint256 addedWei, uint256 depositWei);
    event PayoutChanged(address indexed validator, address payout);
    event DeclaredReady(address indexed validator);
    event ExitRequested(address indexed validator);
    event Withdrawn(address indexed validator, uint256 depositWei);
    event SeatVoided(address indexed validator);
    event Jailed(address indexed validator);
    event Unjailed(address indexed validator);
    event Slashed(address indexed validator, address indexed reporter, uint256 burnedWei, uint256 reporterWei);
    event EpochBegan(uint64 indexed epoch, address[] seated);

    error OnlySystem();
    error OnlyAtGenesis();
    error AlreadyInitialised();
    error AlreadyRegistered(address validator);
    error NotRegistered(address validator);
    error RegistryFull();
    error DepositTooSmall(uint256 depositWei, uint256 neededWei);
    error DepositTooLarge(uint256 depositWei);
    error InvalidPayout();
    error InvalidKey();
    error InvalidProof();
    error KeyInUse(address validator);
    error Exiting(address validator);
    error NotExiting(address validator);
    error NotJailed(address validator);
    error DepositLocked(uint256 untilSeconds);
    error TransferFailed();
    error UnexpectedEpoch(uint64 epoch, uint64 expected);

    modifier onlySystem() {
        if (msg.sender != SYSTEM_CALLER) revert OnlySystem();
        _;
    }

    // --- owners -----------------------------------------------------------------------------------------------------

    /// @notice Registers the caller as a validator with `msg.value` as deposit. It stands for election after `ready()`.
    /// @param blsKey the public key as EIP-2537 writes a point of G1: 128 bytes
    /// @param proofOfPossession the proof as EIP-2537 writes a point of G2: 256 bytes
    /// @param votingKey empty, 32 or 33 bytes, as the network's signature suite wants it. It is not proven: one that its
    /// owner cannot sign with wins a seat that earns nothing, or none
    /// @param payout where rewards go
    function register(
        bytes calldata blsKey,
        bytes calldata proofOfPossession,
        bytes calldata votingKey,
        address payout
    ) external payable {
        if (blsKey.length != BlsPossession.KEY_BYTES) revert InvalidKey();
        if (proofOfPossession.length != BlsPossession.PROOF_BYTES) revert InvalidProof();
        bytes memory key = blsKey;
        if (BlsPossession.isInfinity(key)) revert InvalidKey();
        (bytes32 head, bytes16 tail) = BlsPossession.compress(key);
        // What is cheap to refuse comes before the pairing.
        enrol(msg.sender, head, tail, votingKey, payout, msg.value);
        entries[msg.sender].seatVoid = true;
        if (!BlsPossession.isProven(key, proofOfPossession, abi.encodePacked(head, tail))) revert InvalidProof();
    }

    /// @notice Adds `msg.value` to the caller's deposit.
    function topUp() external payable {
        Entry storage entry = staying(msg.sender);
        uint256 depositWei = entry.depositWei + msg.value;
        entry.depositWei = checkedDeposit(depositWei);
        emit DepositAdded(msg.sender, msg.value, depositWei);
    }

    function setPayout(address payout) external {
        Entry storage entry = registered(msg.sender);
        if (payout == address(0)) revert InvalidPayout();
        entry.payout = payout;
        emit PayoutChanged(msg.sender, payout);
    }

    /// @notice Says that the caller's node runs. Counts for the election whose window is open, so it is called once in
    /// each window.
    function ready() external {
        Entry storage entry = staying(msg.sender);
        entry.readyAt = uint64(block.number);
        entry.seatVoid = false;
        emit DeclaredReady(msg.sender);
    }

    /// @notice Asks back after too many missed votes. Seats need a `ready()` too, like anyone's.
    function unjail() external {
        Entry storage entry = staying(msg.sender);
        if (!entry.jailed) revert NotJailed(msg.sender);
        entry.jailed = false;
        emit Unjailed(msg.sender);
    }

    /// @notice Leaves: no further seats from the next epoch on. Cannot be taken back.
    function requestExit() external {
        staying(msg.sender).exitRequestedAt = uint64(block.timestamp);
        emit ExitRequested(msg.sender);
    }

    /// @notice Pays the deposit back to the caller, who may then register again. See `withdrawableAt`.
    function withdraw() external {
        Entry storage entry = registered(msg.sender);
        uint256 untilSeconds = withdrawableAt(msg.sender);
        if (entry.exitRequestedAt == 0) revert NotExiting(msg.sender);
        if (block.timestamp < untilSeconds) revert DepositLocked(untilSeconds);
        uint256 depositWei = entry.depositWei;
        unlist(entry);
        delete ownerOfKey[keyHash(entry.keyHead, entry.keyTail)];
        delete entries[msg.sender];
        emit Withdrawn(msg.sender, depositWei);
        // Last, when nothing is left of the entry: the caller may be a contract that calls back.
        (bool succeeded,) = msg.sender.call{value: depositWei}("");
        if (!succeeded) revert TransferFailed();
    }

    // --- views ------------------------------------------------------------------------------------------------------

    /// @notice Number of listed validators.
    function count() external view returns (uint256) {
        return listed.length;
    }

    /// @notice Listed validators from position `offset`, at most `limit` and at most `PAGE_MAX`. Withdrawn and slashed
    /// ones are not listed; the order changes when one leaves.
    function candidates(uint256 offset, uint256 limit) external view returns (Candidate[] memory page) {
        uint256 left = offset < listed.length ? listed.length - offset : 0;
        if (limit > PAGE_MAX) limit = PAGE_MAX;
        page = new Candidate[](left < limit ? left : limit);
        for (uint256 i = 0; i < page.length; i++) page[i] = describe(listed[offset + i]);
    }

    /// @notice One validator, slashed ones included. Reverts with `NotRegistered` when there is none.
    function validator(address owner) external view returns (Candidate memory) {
        return describe(owner);
    }

    /// @notice The owner of a 48-byte key, or zero.
    function validatorOf(bytes calldata blsKey) external view returns (address) {
        return blsKey.length == 48 ? ownerOfKey[keccak256(blsKey)] : address(0);
    }

    /// @notice Unix seconds from which `withdraw` works; `UNKNOWN_TIME` before an exit request and during a term.
    function withdrawableAt(address owner) public view returns (uint256) {
        Entry storage entry = registered(owner);
        uint256 fromSeconds = entry.exitRequestedAt;
        if (fromSeconds == 0) return UNKNOWN_TIME;
        if (entry.seatedUntil != 0) {
            if (entry.seatedUntil > currentEpoch) return UNKNOWN_TIME;
            uint256 termEnd = endedAt[entry.seatedUntil - 1];
            if (termEnd > fromSeconds) fromSeconds = termEnd;
        }
        return fromSeconds + unbondingSeconds;
    }

    // --- the protocol -----------------------------------------------------------------------------------------------

    /// @notice Sets the parameters of the network, once, in the genesis block.
    function initialise(uint256 depositPerSeatWei, uint64 unbonding) external onlySystem {
        if (depositPerSeat != 0) revert AlreadyInitialised();
        if (block.number != 0) revert OnlyAtGenesis();
        depositPerSeat = depositPerSeatWei;
        unbondingSeconds = unbonding;
    }

    /// @notice Registers a validator of the genesis block. Its proof of possession was checked when the chain's
    /// parameters were loaded, and its deposit is part of the balance that genesis gives this contract.
    /// @param blsKey 48 bytes, compressed
    /// @param votingKey as `register` takes it
    function genesisRegister(
        address owner,
        bytes calldata blsKey,
        bytes calldata votingKey,
        address payout,
        uint256 depositWei
    ) external onlySystem {
        if (block.number != 0) revert OnlyAtGenesis();
        if (blsKey.length != 48) revert InvalidKey();
        enrol(owner, bytes32(blsKey[0:32]), bytes16(blsKey[32:48]), votingKey, payout, depositWei);
    }

    /// @notice Called in the last block of an epoch (and in the genesis block for epoch 0) with who sits in `epoch`.
    /// Unknown accounts are passed over, so that the end of an epoch cannot fail.
    function onEpoch(uint64 epoch, address[] calldata seated) external onlySystem {
        uint48 expected = seatedOnce ? currentEpoch + 1 : 0;
        if (epoch != expected) revert UnexpectedEpoch(epoch, expected);
        if (seatedOnce) endedAt[currentEpoch] = block.timestamp;
        currentEpoch = expected;
        seatedOnce = true;
        for (uint256 i = 0; i < seated.length; i++) {
            Entry storage entry = entries[seated[i]];
            if (entry.keyHead != 0) entry.seatedUntil = expected + 1;
        }
        emit EpochBegan(epoch, seated);
    }

    /// @notice Takes a validator's seat in the next epoch until its owner calls `ready()`; the deposit stays.
    function voidSeat(address owner) external onlySystem {
        Entry storage entry = entries[owner];
        if (entry.keyHead == 0) return;
        entry.seatVoid = true;
        emit SeatVoided(owner);
    }

    /// @notice Counts a validator that missed too many votes out of the elections until its owner calls `unjail()`.
    /// The deposit stays: being offline is no offence. Unknown, slashed or jailed already: nothing happens.
    function jail(address owner) external onlySystem {
        Entry storage entry = entries[owner];
        if (entry.keyHead == 0 || entry.slashed || entry.jailed) return;
        entry.jailed = true;
        emit Jailed(owner);
    }

    /// @notice Takes the whole deposit of a guilty validator, and its seats from the next epoch on, for good: neither
    /// account nor key can be registered again. Guilty twice, or already gone: nothing happens.
    /// @param reporter zero when nobody is to be rewarded
    /// @return burnedWei leaves the supply; the caller takes exactly this from the balance of this contract
    /// @return reporterWei paid to the reporter; burned instead if the reporter does not take it with 2,300 gas
    function slash(address guilty, address reporter)
        external
        onlySystem
        returns (uint256 burnedWei, uint256 reporterWei)
    {
        Entry storage entry = entries[guilty];
        if (entry.keyHead == 0 || entry.slashed) return (0, 0);
        uint256 depositWei = entry.depositWei;
        entry.depositWei = 0;
        entry.slashed = true;
        entry.seatVoid = true;
        unlist(entry);
        if (reporter != address(0)) reporterWei = (depositWei * REPORTER_PERCENT) / 100;
        // The stipend of a value transfer is all the reporter gets: enough for a receive function, not for a call back.
        (bool succeeded,) = reporter.call{value: reporterWei, gas: 0}("");
        if (!succeeded) reporterWei = 0;
        burnedWei = depositWei - reporterWei;
        emit Slashed(guilty, reporter, burnedWei, reporterWei);
    }

    // --- inside -----------------------------------------------------------------------------------------------------

    function enrol(
        address owner,
        bytes32 keyHead,
        bytes16 keyTail,
        bytes calldata votingKey,
        address payout,
        uint256 depositWei
    ) private {
        if (payout == address(0)) revert InvalidPayout();
        if (depositWei < depositPerSeat) revert DepositTooSmall(depositWei, depositPerSeat);
        if (entries[owner].keyHead != 0) revert AlreadyRegistered(owner);
        if (listed.length >= VALIDATORS_MAX) revert RegistryFull();
        bytes32 hash = keyHash(keyHead, keyTail);
        if (ownerOfKey[hash] != address(0)) revert KeyInUse(ownerOfKey[hash]);
        ownerOfKey[hash] = owner;
        listed.push(owner);
        Entry storage entry = entries[owner];
        entry.payout = payout;
        entry.listing = uint32(listed.length);
        entry.depositWei = checkedDeposit(depositWei);
        entry.keyHead = keyHead;
        entry.keyTail = keyTail;
        (entry.votingKeyLength, entry.votingKeyHead, entry.votingKeyTail) = VotingKeys.split(votingKey);
        emit Registered(owner, abi.encodePacked(keyHead, keyTail), votingKey, payout, depositWei);
    }

    /// The last one takes the place of the one that leaves.
    function unlist(Entry storage entry) private {
        uint256 position = entry.listing - 1;
        address last = listed[listed.length - 1];
        listed[position] = last;
        entries[last].listing = entry.listing;
        listed.pop();
        entry.listing = 0;
    }

    function registered(address owner) private view returns (Entry storage entry) {
        entry = entries[owner];
        if (entry.keyHead == 0 || entry.slashed) revert NotRegistered(owner);
    }

    function staying(address owner) private view returns (Entry storage entry) {
        entry = registered(owner);
        if (entry.exitRequestedAt != 0) revert Exiting(owner);
    }

    function describe(address owner) private view returns (Candidate memory) {
        Entry storage entry = entries[owner];
        if (entry.keyHead == 0) revert NotRegistered(owner);
        return Candidate({
            validator: owner,
            blsKey: abi.encodePacked(entry.keyHead, entry.keyTail),
            votingKey: VotingKeys.join(entry.votingKeyLength, entry.votingKeyHead, entry.votingKeyTail),
            payout: entry.payout,
            depositWei: entry.depositWei,
            readyAt: entry.readyAt,
            exitRequestedAt: entry.exitRequestedAt,
            seatVoid: entry.seatVoid,
            slashed: entry.slashed,
            jailed: entry.jailed
        });
    }

    function keyHash(bytes32 head, bytes16 tail) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(head, tail));
    }

    function checkedDeposit(uint256 depositWei) private pure returns (uint128) {
        if (depositWei > type(uint128).max) revert DepositTooLarge(depositWei);
        return uint128(depositWei);
    }
}
