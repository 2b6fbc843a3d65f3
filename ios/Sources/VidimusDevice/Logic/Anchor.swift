import Foundation
import Vidimus

/// The number that never sinks, also when an app and its extension raise it at the same time.
///
/// The keychain cannot compare and set, and a lock in this process holds no other one. So no item
/// is ever changed: each number that is raised is its own item, with the number in its name, and
/// the highest one counts. Then the lower ones are deleted. Anyone who comes late with a lower
/// number adds an item that counts for nothing; anyone who is killed before it deletes leaves some
/// that the next one takes away.
///
/// The number outlives the app. A wallet that is made after an installation anew starts above it.
struct Anchor: Sendable {
    private static let prefix = "anchor."
    /// As many digits as the largest number has, so that no number has two names.
    private static let digits = 19

    let items: any KeychainItems

    /// The highest number that was ever raised; `nil` before the first.
    func read() throws(DeviceError) -> Int64? {
        try numbers().max()
    }

    /// Raises the number. A lower or equal one changes nothing.
    ///
    /// - Throws: `DeviceError.refused` for a number below zero, and what the keychain says.
    func raise(to epoch: Int64) throws(DeviceError) {
        guard epoch >= 0 else { throw .refused }
        let before = try numbers()
        if (before.max() ?? -1) < epoch {
            // Taken means that another process raised to the same number just now.
            _ = try items.add(Data(), named: Self.name(of: epoch))
        }
        // Only what is lower than a number that surely stands is deleted.
        let highest = max(epoch, before.max() ?? -1)
        for lower in before where lower < highest {
            try items.delete(Self.name(of: lower))
        }
    }

    private func numbers() throws(DeviceError) -> [Int64] {
        try items.names().compactMap(Self.number)
    }

    private static func name(of epoch: Int64) -> String {
        let number = String(epoch)
        return prefix + String(repeating: "0", count: digits - number.count) + number
    }

    private static func number(in name: String) -> Int64? {
        guard name.hasPrefix(prefix) else { return nil }
        guard let number = Int64(name.dropFirst(prefix.count)), Self.name(of: number) == name else { return nil }
        return number
    }
}
