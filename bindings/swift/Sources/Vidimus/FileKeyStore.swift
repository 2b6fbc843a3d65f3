import Foundation
import VidimusCore

/// Keys in files, for a Mac, a Linux desktop and development. **Not for phones.**
///
/// Nothing here is bound to hardware: anyone who can read the files can open the wallet. Keep the
/// folder apart from the wallet's. It makes no holder keys: the vault seals an Ed25519 key instead.
public final class FileKeyStore: KeyStore {
    let core: any VidimusCore.CoreKeyStore

    /// Uses a folder, which is made where it is missing.
    ///
    /// - Throws: ``WalletError/keyStore(_:)`` with `KeyStoreProblem.refused` where others may read
    ///   the folder or a file in it, with `KeyStoreProblem.failed` where it cannot be made.
    public init(directory: URL) throws(WalletError) {
        do {
            core = try VidimusCore.FileKeyStore(directory: directory.filePath).keyStore()
        } catch {
            throw WalletError(error)
        }
    }

    private init(core: any VidimusCore.CoreKeyStore) {
        self.core = core
    }

    /// Always `nil`: there is no hardware.
    public var holderAlgorithm: HolderAlgorithm? {
        get async throws(DeviceError) { try await device { try await core.holderAlgorithm() } }
    }

    /// Wraps a data key under the key in the folder.
    public func wrap(_ dataKey: DataKey) async throws(DeviceError) -> Data {
        try await device { try await core.wrap(dataKey: dataKey.core) }
    }

    /// Unwraps what ``wrap(_:)`` returned with the same folder.
    public func unwrap(_ wrapped: Data, into dataKey: DataKey) async throws(DeviceError) {
        try await device { try await core.unwrap(wrapped: wrapped, into: dataKey.core) }
    }

    /// Always throws ``DeviceError/unavailable``.
    public func createHolderKey(named name: String) async throws(DeviceError) -> Data {
        try await device { try await core.createHolderKey(name: name) }
    }

    /// Always throws ``DeviceError/notFound``.
    public func sign(_ message: Data, withKeyNamed name: String) async throws(DeviceError) -> Data {
        try await device { try await core.sign(name: name, message: message) }
    }

    /// Does nothing: there is no such key.
    public func deleteHolderKey(named name: String) async throws(DeviceError) {
        try await device { try await core.deleteHolderKey(name: name) }
    }

    /// The highest number that was ever raised; `nil` before the first.
    public func readAnchor() async throws(DeviceError) -> Int64? {
        try await device { try await core.readAnchor() }
    }

    /// Raises the number; other processes with the same folder wait.
    public func raiseAnchor(to epoch: Int64) async throws(DeviceError) {
        try await device { try await core.raiseAnchor(epoch: epoch) }
    }

    /// Other files in the same folder.
    ///
    /// - Throws: ``DeviceError/refused`` for what is no name.
    public func named(_ name: String) throws(DeviceError) -> any KeyStore {
        do {
            return FileKeyStore(core: try core.named(name: name))
        } catch {
            throw DeviceError(error)
        }
    }

    private func device<Result>(_ body: () async throws -> Result) async throws(DeviceError) -> Result {
        do {
            return try await body()
        } catch {
            throw DeviceError(error)
        }
    }
}

extension URL {
    /// The path of a file URL, as the system's calls take it.
    package var filePath: String { path(percentEncoded: false) }
}
