import Foundation
import Vidimus

/// What Apple's frameworks say in numbers, as one of the closed list. Plain numbers, so that it is
/// tested everywhere.
///
/// The text of a fault is dropped: it may name accounts.
enum DeviceFault {
    /// What was done when it happened: the same number may mean something else.
    enum Moment: CaseIterable {
        /// An item was read, added or deleted.
        case item
        /// A key was made.
        case making
        /// A key whose handle is there was used.
        case using
    }

    /// Keychain: an `OSStatus` other than 0.
    static func keychain(_ status: Int32, _ moment: Moment = .item) -> DeviceError {
        switch status {
        case -25300: missing(moment)  // errSecItemNotFound
        case -25308: .locked  // errSecInteractionNotAllowed: before the first unlock, or locked
        case -25293, -128: .locked  // errSecAuthFailed, errSecUserCanceled
        case -25299: .refused  // errSecDuplicateItem
        case -50: .refused  // errSecParam
        case -4, -25291, -34018: .unavailable  // errSecUnimplemented, errSecNotAvailable, errSecMissingEntitlement
        default: .failed
        }
    }

    /// Under which a wrapper of CryptoTokenKit keeps the number of the Secure Enclave's own error.
    static let enclaveNumberKey = "AKSError"

    /// The Secure Enclave's own number for a key that it cannot decode any more.
    private static let undecodable = -536_362_999

    /// Any error, by its domain, its number, and the Secure Enclave's own number where it carries
    /// one.
    static func error(domain: String, code: Int, enclave: Int? = nil, _ moment: Moment) -> DeviceError {
        switch domain {
        case "NSOSStatusErrorDomain": Int32(exactly: code).map { keychain($0, moment) } ?? .failed
        case "com.apple.LocalAuthentication": authentication(code, moment)
        case "CryptoTokenKit": token(code, enclave: enclave, moment)
        default: .failed
        }
    }

    /// What was wrong with a folder.
    static func storage(_ error: any Error) -> StorageProblem {
        switch (error as? CocoaError)?.code {
        case .fileWriteOutOfSpace: .full
        case .fileWriteVolumeReadOnly, .fileWriteNoPermission: .readOnly
        default: .failed
        }
    }

    /// LocalAuthentication: an `LAError.Code`.
    private static func authentication(_ code: Int, _ moment: Moment) -> DeviceError {
        switch code {
        // passcodeNotSet: a key that needs one cannot be made, and one that was made has gone with
        // it.
        case -5: moment == .using ? .invalidated : .unavailable
        // notInteractive, authenticationFailed, userCancel, userFallback, systemCancel,
        // biometryLockout, appCancel
        case -1004, -1, -2, -3, -4, -8, -9: .locked
        default: .failed
        }
    }

    /// CryptoTokenKit, through which the Secure Enclave speaks: a `TKError.Code`.
    ///
    /// Its corruptedData wraps all that the Enclave says, also what passes: a license is given up
    /// for one number only.
    private static func token(_ code: Int, enclave: Int?, _ moment: Moment) -> DeviceError {
        switch code {
        case -6: missing(moment)  // objectNotFound
        case -3 where enclave == undecodable: missing(moment)  // corruptedData
        case -4, -5, -9: .locked  // canceledByUser, authenticationFailed, authenticationNeeded
        case -1, -7: .unavailable  // notImplemented, tokenNotFound
        default: .failed
        }
    }

    /// The handle is there and the hardware does not know it any more: it has destroyed the key.
    private static func missing(_ moment: Moment) -> DeviceError {
        switch moment {
        case .item: .notFound
        case .making: .failed
        case .using: .invalidated
        }
    }
}
