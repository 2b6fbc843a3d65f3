import Foundation
import Testing
import Vidimus

@testable import VidimusDevice

/// What Apple's frameworks say in numbers.
@Suite struct Faults {
    static let keychain: [(Int32, DeviceError)] = [
        (-25300, .notFound), (-25308, .locked), (-25293, .locked), (-128, .locked), (-25299, .refused), (-50, .refused),
        (-4, .unavailable), (-25291, .unavailable), (-34018, .unavailable), (-26275, .failed), (1, .failed),
        (.min, .failed),
    ]

    @Test(arguments: keychain)
    func aNumberOfTheKeychainHasOneMeaning(status: Int32, expected: DeviceError) {
        #expect(DeviceFault.keychain(status) == expected)
        #expect(DeviceFault.error(domain: "NSOSStatusErrorDomain", code: Int(status), .item) == expected)
    }

    static let using: [(String, Int, DeviceError)] = [
        ("NSOSStatusErrorDomain", -25300, .invalidated), ("NSOSStatusErrorDomain", -25308, .locked),
        ("NSOSStatusErrorDomain", .max, .failed), ("com.apple.LocalAuthentication", -5, .invalidated),
        ("com.apple.LocalAuthentication", -1004, .locked), ("com.apple.LocalAuthentication", -8, .locked),
        ("com.apple.LocalAuthentication", -6, .failed), ("CryptoTokenKit", -3, .failed),
        ("CryptoTokenKit", -6, .invalidated), ("CryptoTokenKit", -9, .locked), ("CryptoTokenKit", -1, .unavailable),
        ("CryptoTokenKit", -8, .failed), ("NSCocoaErrorDomain", -25308, .failed), ("", 0, .failed),
    ]

    @Test(arguments: using)
    func aKeyWhoseHandleIsThereWasDestroyedWhereTheHardwareDoesNotKnowIt(
        domain: String, code: Int, expected: DeviceError
    ) {
        #expect(DeviceFault.error(domain: domain, code: code, .using) == expected)
    }

    /// What CryptoTokenKit wraps, by the Secure Enclave's own number.
    static let wrapped: [(Int, Int?, DeviceError)] = [
        (-3, -536_362_999, .invalidated), (-3, nil, .failed), (-3, -536_363_000, .failed), (-3, -536_870_212, .failed),
        (-3, 0, .failed), (-6, nil, .invalidated), (-6, 0, .invalidated), (-2, -536_362_999, .failed),
        (-9, -536_362_999, .locked),
    ]

    @Test(arguments: wrapped)
    func aFaultThatPassesIsNeverTakenForADestroyedKey(code: Int, enclave: Int?, expected: DeviceError) {
        #expect(DeviceFault.error(domain: "CryptoTokenKit", code: code, enclave: enclave, .using) == expected)
    }

    @Test func theEnclavesNumberCountsOnlyWhereItIsWrapped() {
        #expect(
            DeviceFault.error(domain: "com.apple.LocalAuthentication", code: 0, enclave: -536_362_999, .using)
                == .failed)
        #expect(DeviceFault.error(domain: "CryptoTokenKit", code: -3, enclave: -536_362_999, .making) == .failed)
    }

    @Test func aKeyThatNeedsAPasscodeCannotBeMadeWithoutOne() {
        #expect(DeviceFault.error(domain: "com.apple.LocalAuthentication", code: -5, .making) == .unavailable)
        #expect(DeviceFault.keychain(-25300, .making) == .failed)
    }

    @Test(arguments: DeviceFault.Moment.allCases)
    func aLockedPhoneIsLockedWhateverIsDone(_ moment: DeviceFault.Moment) {
        #expect(DeviceFault.keychain(-25308, moment) == .locked)
    }

    @Test func aFolderThatCannotBeMadeSaysWhy() throws {
        #expect(DeviceFault.storage(CocoaError(.fileWriteOutOfSpace)) == .full)
        #expect(DeviceFault.storage(CocoaError(.fileWriteVolumeReadOnly)) == .readOnly)
        #expect(DeviceFault.storage(CocoaError(.fileWriteUnknown)) == .failed)
        #expect(DeviceFault.storage(CancellationError()) == .failed)
        // As the system throws it: no one makes a folder in there, not even root.
        #expect(throws: CocoaError.self) {
            try FileManager.default.createDirectory(
                at: URL(filePath: "/proc/vidimus"), withIntermediateDirectories: false)
        }
    }

    @Test func theLockOfThePhoneHasFourOutcomes() {
        let outcomes = [nil, -2, -4, -9, -10, -5, -1, -8, -1004, 0].map(UnlockOutcome.init(authenticationError:))
        #expect(
            outcomes == [
                .opened, .cancelled, .cancelled, .cancelled, .cancelled, .noPasscode,
                .failed, .failed, .failed, .failed,
            ])
        #expect(Set(outcomes) == Set(UnlockOutcome.allCases))
    }
}
