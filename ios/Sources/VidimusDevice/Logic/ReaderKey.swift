import Foundation
import Vidimus

/// The key by which an officer's reader signs its questions and its log.
///
/// The core signs with Ed25519, which no Secure Enclave has: so the secret is 32 random bytes in the
/// keychain, on this device alone. It is made on first use. Its public half is the last line of each
/// log that is handed over; once the authority lists that, a driver reads that the name is confirmed.
public enum ReaderKey {
    static let item = "reader-key"

    /// The secret of this device: 32 bytes.
    ///
    /// - Throws: What the keychain says.
    public static func secret(in items: any KeychainItems) throws(DeviceError) -> Data {
        if let secret = try items.read(item) { return secret }
        var random = SystemRandomNumberGenerator()
        let made = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        if try items.add(made, named: item) { return made }
        // Another process was faster; its key is the device's.
        guard let secret = try items.read(item) else { throw .failed }
        return secret
    }
}
