import Foundation
import Testing
import Vidimus

@testable import VidimusDevice

/// What is stored and what is planned.
@Suite struct Formats {
    @Test func aWrappedKeyIsAByteAndWhatWasSealed() throws {
        let wrapped = WrappedKey(sealed: Data([7, 8, 9]))
        #expect(wrapped.encoded == Data([1, 7, 8, 9]))
        #expect(try WrappedKey(encoded: wrapped.encoded) == wrapped)
        // A slice, with its own indices.
        #expect(try WrappedKey(encoded: Data([0, 1, 7, 8, 9]).dropFirst()).sealed.first == 7)
        #expect(try WrappedKey(encoded: Data(repeating: 1, count: 4096)).sealed.count == 4095)
    }

    @Test(arguments: [Data(), Data([1]), Data([0, 7]), Data([2, 7]), Data(repeating: 1, count: 4097)])
    func anythingElseIsRefused(_ bytes: Data) {
        #expect(throws: DeviceError.refused) { try WrappedKey(encoded: bytes) }
    }

    @Test func aHolderKeyHasANameOfItsOwn() throws {
        #expect(try KeychainName.holderKey("a-0") == "holder-key.a-0")
        #expect(try KeychainName.holderKey(String(repeating: "z", count: 64)).hasSuffix("zz"))
        // The last one is a Cyrillic letter.
        for name in ["", "A", "a.b", "../a", "a b", "a\n", String(repeating: "a", count: 65), "\u{430}"] {
            #expect(throws: DeviceError.refused) { try KeychainName.holderKey(name) }
        }
    }

    static let waits: [(Duration?, TimeInterval)] = [
        (nil, 3600), (.seconds(1), 900), (.seconds(899), 900), (.seconds(901), 901), (.seconds(86_400), 86_400),
        (.seconds(1_000_000), 86_400), (.seconds(-5), 900),
    ]

    @Test(arguments: waits)
    func theNextRefreshBeginsWithinADay(nextIn: Duration?, expected: TimeInterval) {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(RefreshSchedule.begin(after: nextIn, now: now).timeIntervalSince(now) == expected)
    }

    @Test func aRefreshEndsBeforeTheSystemEndsIt() {
        #expect(RefreshSchedule.budget < .seconds(30))
    }
}
