import Foundation
import Security
import Vidimus

/// The keychain of this phone, as the few small items of a key store.
///
/// Every item is of the class `AfterFirstUnlockThisDeviceOnly`. A refresh in the background unwraps
/// the vault's key and raises the anchor while the phone lies locked in a pocket; the stricter
/// classes (`WhenUnlocked`, and also `WhenPasscodeSet`, which implies it) refuse that.
/// `ThisDeviceOnly` keeps the items out of backups that could be restored elsewhere, and they are
/// never synchronised. What a wallet keeps in them is no secret in itself: handles that only this
/// phone's Secure Enclave understands, which has its own rules, and numbers. An officer's reader
/// keeps the secret of its Ed25519 key in one, which no Enclave makes: it is as safe as the keychain.
///
/// Items outlive the app: after a removal and a new installation the anchor is still there, and so
/// are the handles and a reader's key.
public struct Keychain: KeychainItems {
    private let service: String
    private let accessGroup: String?

    /// The items of a service.
    ///
    /// - Parameters:
    ///   - service: Their common name, such as the app's bundle identifier.
    ///   - accessGroup: The keychain access group that an app shares with its extensions, with the
    ///     team's prefix; `nil` for the first one of its entitlements.
    public init(service: String, accessGroup: String? = nil) {
        self.service = service
        self.accessGroup = accessGroup
    }

    /// The value of an item; `nil` where there is none.
    public func read(_ name: String) throws(DeviceError) -> Data? {
        var query = item(name)
        query[kSecReturnData as String] = true
        query[kSecMatchLimit as String] = kSecMatchLimitOne
        guard let found = try find(query) else { return nil }
        guard let value = found as? Data else { throw .failed }
        return value
    }

    /// Adds an item, unless the name is taken: the keychain itself decides which process is first.
    public func add(_ value: Data, named name: String) throws(DeviceError) -> Bool {
        var attributes = item(name)
        attributes[kSecValueData as String] = value
        attributes[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        let status = SecItemAdd(attributes as CFDictionary, nil)
        switch status {
        case errSecSuccess: return true
        case errSecDuplicateItem: return false
        default: throw DeviceFault.keychain(status)
        }
    }

    /// Deletes an item. One that is not there is no error.
    public func delete(_ name: String) throws(DeviceError) {
        let status = SecItemDelete(item(name) as CFDictionary)
        guard status == errSecSuccess || status == errSecItemNotFound else { throw DeviceFault.keychain(status) }
    }

    /// The names of all items of the service.
    public func names() throws(DeviceError) -> [String] {
        var query = common
        query[kSecReturnAttributes as String] = true
        query[kSecMatchLimit as String] = kSecMatchLimitAll
        guard let found = try find(query) else { return [] }
        guard let all = found as? [[String: Any]] else { throw .failed }
        return all.compactMap { $0[kSecAttrAccount as String] as? String }
    }

    private func find(_ query: [String: Any]) throws(DeviceError) -> CFTypeRef? {
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        switch status {
        case errSecSuccess: return found
        case errSecItemNotFound: return nil
        default: throw DeviceFault.keychain(status)
        }
    }

    private func item(_ name: String) -> [String: Any] {
        var query = common
        query[kSecAttrAccount as String] = name
        return query
    }

    private var common: [String: Any] {
        var query: [String: Any] = [
            kSecClass as String: kSecClassGenericPassword,
            kSecAttrService as String: service,
            // A Mac has another keychain too, which knows no classes. On a phone this changes
            // nothing.
            kSecUseDataProtectionKeychain as String: true,
        ]
        if let accessGroup { query[kSecAttrAccessGroup as String] = accessGroup }
        return query
    }
}
