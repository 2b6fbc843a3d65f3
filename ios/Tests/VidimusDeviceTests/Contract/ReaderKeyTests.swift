import Foundation
import Testing
import Vidimus

@testable import VidimusDevice

/// The key of an officer's reader.
@Suite struct ReaderKeyTests {
    @Test func itIsMadeOnceOnEachPhone() throws {
        let items = MemoryKeychain()
        let secret = try ReaderKey.secret(in: items)
        #expect(secret.count == 32 && Set(secret).count > 8)
        #expect(try ReaderKey.secret(in: items) == secret)
        #expect(try ReaderKey.secret(in: MemoryKeychain()) != secret)
    }

    @Test func theOneOfAFasterProcessCounts() throws {
        let items = MemoryKeychain()
        let theirs = Data(repeating: 7, count: 32)
        items.afterMissing(ReaderKey.item) { _ = try? items.add(theirs, named: ReaderKey.item) }
        #expect(try ReaderKey.secret(in: items) == theirs)
    }

    @Test func aKeychainThatIsLockedSaysSo() {
        let items = MemoryKeychain()
        items.fail(with: .locked)
        #expect(throws: DeviceError.locked) { try ReaderKey.secret(in: items) }
    }
}
