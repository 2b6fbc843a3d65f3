import Foundation
import Vidimus

/// The few small items that a key store keeps on this device, by name: on a phone the keychain.
///
/// There is no way to replace one. What must change gets another name, so that two processes that
/// write at the same time never undo each other. Each call may block for some milliseconds.
public protocol KeychainItems: Sendable {
    /// The value of an item; `nil` where there is none.
    ///
    /// - Throws: ``Vidimus/DeviceError/locked`` before the first unlock after a start, and what
    ///   else the keychain says.
    func read(_ name: String) throws(DeviceError) -> Data?

    /// Adds an item under a name that is not taken.
    ///
    /// - Returns: Whether it was added: `false` where the name is taken, by this process or another.
    /// - Throws: What the keychain says.
    func add(_ value: Data, named name: String) throws(DeviceError) -> Bool

    /// Deletes an item. One that is not there is no error.
    ///
    /// - Throws: What the keychain says.
    func delete(_ name: String) throws(DeviceError)

    /// The names of all items, in no order, as they stood at one instant.
    ///
    /// - Throws: What the keychain says.
    func names() throws(DeviceError) -> [String]
}

/// How the items are named.
enum KeychainName {
    /// The first key that wraps data keys: on most devices the only one.
    static let wrappingKey = "wrapping-key"

    /// A key that wraps data keys, by its number from 1 on.
    static func wrappingKey(_ number: Int) -> String {
        number == 1 ? wrappingKey : "\(wrappingKey).\(number)"
    }

    /// The item of a holder key.
    ///
    /// - Throws: `DeviceError.refused` unless the name has 1 to 64 characters of `[a-z0-9-]`.
    static func holderKey(_ name: String) throws(DeviceError) -> String {
        "holder-key." + (try allowed(name))
    }

    /// The name itself, where it has 1 to 64 characters of `[a-z0-9-]`.
    static func allowed(_ name: String) throws(DeviceError) -> String {
        let isAllowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard (1...64).contains(name.utf8.count), isAllowed else { throw .refused }
        return name
    }
}

/// The items of a named store among those of the app's: its name and a slash, which no other name
/// has, stand before each.
struct NamedItems: KeychainItems {
    private let items: any KeychainItems
    private let prefix: String

    /// - Throws: `DeviceError.refused` for what is no name.
    init(_ name: String, in items: any KeychainItems) throws(DeviceError) {
        self.items = items
        prefix = try KeychainName.allowed(name) + "/"
    }

    func read(_ name: String) throws(DeviceError) -> Data? { try items.read(prefix + name) }

    func add(_ value: Data, named name: String) throws(DeviceError) -> Bool {
        try items.add(value, named: prefix + name)
    }

    func delete(_ name: String) throws(DeviceError) { try items.delete(prefix + name) }

    func names() throws(DeviceError) -> [String] {
        try items.names().filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}
