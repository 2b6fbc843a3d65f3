import CryptoKit
import Foundation
import Security
import Vidimus

/// Keys in the Secure Enclave. Its private keys never leave it; a handle is the key's own bytes,
/// sealed to this Enclave.
///
/// **Sealing** is HPKE in base mode (RFC 9180): DHKEM on P-256 with HKDF-SHA-256, and AES-256-GCM.
/// Sealing is done by the processor with the public key; the agreement on the way back is done in
/// the Enclave. The sealed bytes are the encapsulated key, 65 bytes, and the ciphertext with its
/// tag, 48 bytes. Base mode does not say who sealed: anyone who has the public key may seal another
/// key. That opens nothing, since the vault's data was sealed under the right one.
///
/// **Access**: each key may be used by this app alone, and asks for no face or finger. The lock of
/// the phone is asked by ``AppLock`` before a license is shown: a key that asks by itself would do
/// so in the background, where no driver is.
/// - The sealing key is of the class `AfterFirstUnlockThisDeviceOnly`, since a refresh unwraps
///   while the phone is locked.
/// - Signing keys are of the class `WhenPasscodeSetThisDeviceOnly`: they sign on an unlocked phone
///   only, and are destroyed when its passcode is removed. A refresh of the status needs none of
///   them. A renewal does: the proof that goes with it is signed with the holder key. In the
///   background of a locked phone it fails with `DeviceError.locked`, and is done when the app
///   comes up, by the refresh of what is due.
public struct SecureEnclaveKeys: EnclaveKeys {
    private typealias SealingKey = SecureEnclave.P256.KeyAgreement.PrivateKey
    private typealias HolderKey = SecureEnclave.P256.Signing.PrivateKey

    private static let suite = HPKE.Ciphersuite.P256_SHA256_AES_GCM_256
    private static let purpose = Data("vidimus data key 1".utf8)
    /// Bytes of the encapsulated key, `04‖x‖y`.
    private static let encapsulatedLength = 65
    /// The key, and the tag of 16 bytes.
    private static let ciphertextLength = 48

    /// Keys of this device; none is made before it is asked for.
    public init() {}

    /// Whether this phone has a Secure Enclave, as every one with iOS 17 has.
    public var isAvailable: Bool { SecureEnclave.isAvailable }

    /// Makes a key that seals.
    public func makeSealingKey() throws(DeviceError) -> Data {
        try enclave(.making) {
            let access = try Self.access(kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly)
            return try SealingKey(accessControl: access).dataRepresentation
        }
    }

    /// Seals a data key.
    public func seal(_ dataKey: DataKey, with handle: Data) throws(DeviceError) -> Data {
        try enclave(.using) {
            let recipient = try SealingKey(dataRepresentation: handle).publicKey
            var sender = try HPKE.Sender(recipientKey: recipient, ciphersuite: Self.suite, info: Self.purpose)
            // The bytes of the key are read where they stand; CryptoKit makes no copy that outlives
            // the call.
            let ciphertext = try dataKey.withUnsafeBytes { try sender.seal($0) }
            return sender.encapsulatedKey + ciphertext
        }
    }

    /// Opens what ``seal(_:with:)`` returned.
    public func open(_ sealed: Data, into dataKey: DataKey, with handle: Data) throws(DeviceError) {
        guard sealed.count == Self.encapsulatedLength + Self.ciphertextLength else { throw .refused }
        let encapsulated = Data(sealed.prefix(Self.encapsulatedLength))
        // Not on the curve is no fault of the Enclave's, and is not taken for one.
        guard (try? P256.KeyAgreement.PublicKey(x963Representation: encapsulated)) != nil else { throw .refused }
        try enclave(.using) {
            var recipient = try HPKE.Recipient(
                privateKey: SealingKey(dataRepresentation: handle), ciphersuite: Self.suite, info: Self.purpose,
                encapsulatedKey: encapsulated)
            var opened = try recipient.open(Data(sealed.suffix(Self.ciphertextLength)))
            try dataKey.put(wiping: &opened)
        }
    }

    /// Seals something that is no secret, and opens it again.
    public func prove(_ handle: Data) throws(DeviceError) {
        let sample = Data(repeating: 0, count: Self.ciphertextLength)
        try enclave(.using) {
            let key = try SealingKey(dataRepresentation: handle)
            var sender = try HPKE.Sender(recipientKey: key.publicKey, ciphersuite: Self.suite, info: Self.purpose)
            let ciphertext = try sender.seal(sample)
            var recipient = try HPKE.Recipient(
                privateKey: key, ciphersuite: Self.suite, info: Self.purpose, encapsulatedKey: sender.encapsulatedKey)
            guard try recipient.open(ciphertext) == sample else { throw DeviceError.failed }
        }
    }

    /// Makes a key that signs.
    public func makeSigningKey() throws(DeviceError) -> SigningKey {
        try enclave(.making) {
            let access = try Self.access(kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly)
            let key = try HolderKey(accessControl: access)
            return SigningKey(handle: key.dataRepresentation, publicKey: key.publicKey.x963Representation)
        }
    }

    /// Signs a message, hashed with SHA-256.
    public func sign(_ message: Data, with handle: Data) throws(DeviceError) -> Data {
        try enclave(.using) {
            // Raw: r‖s; what the Security framework gives would be DER.
            try HolderKey(dataRepresentation: handle).signature(for: message).rawRepresentation
        }
    }

    private static func access(_ protection: CFString) throws(DeviceError) -> SecAccessControl {
        guard let access = SecAccessControlCreateWithFlags(nil, protection, .privateKeyUsage, nil) else {
            throw .failed
        }
        return access
    }

    /// Each error of the frameworks becomes one of the closed list, without its text.
    private func enclave<Result>(
        _ moment: DeviceFault.Moment, _ body: () throws -> Result
    ) throws(DeviceError) -> Result {
        do {
            return try body()
        } catch let error as DeviceError {
            throw error
        } catch is HPKE.Errors {
            throw .refused
        } catch CryptoKitError.authenticationFailure {
            throw .refused
        } catch is CryptoKitError {
            throw .failed
        } catch {
            let fault = error as NSError
            let number = fault.userInfo[DeviceFault.enclaveNumberKey] as? Int
            throw DeviceFault.error(domain: fault.domain, code: fault.code, enclave: number, moment)
        }
    }
}
