import Foundation
import Testing
import Vidimus
import VidimusApp
import VidimusTestSupport

@testable import VidimusShell

/// What is wrong with the phone: its disk, its files, its keys, its lock. Brought about in the real
/// core, seen through the shell.
@MainActor @Suite struct PhoneTroublesTests {
    /// A phone with a license whose app was ended. What happens to the phone since is up to the
    /// test.
    private func ended(_ play: (LivePhone) async throws -> Void) async throws {
        try await withALicense { phone, _, _ in
            await phone.end()
            phone.begin(with: nil)
            try await play(phone)
        }
    }

    @Test(.timeLimit(.minutes(5)), .enabled(if: SmallDisk.isAllowed, "a small disk can be mounted"))
    func aFullDiskIsTold() async throws {
        let disk = try SmallDisk()
        try await onAPhone(disk: disk.folder) { phone, _ in
            try disk.fill()
            phone.shell.appSeen()
            try await phone.blocked(by: .storageFull)
            phone.act(.freeStorage)
            try await until("the driver is led to the storage") { phone.phone.places == [.storage] }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aFileWhereTheFolderShouldBeIsTold() async throws {
        try await onAPhone { phone, _ in
            try Data("a file".utf8).write(to: phone.directory)
            phone.shell.appSeen()
            try await phone.blocked(by: .storageFailed)
            #expect(try Data(contentsOf: phone.directory) == Data("a file".utf8), "it is kept")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func damagedFilesAreKeptAsideAndANewBeginningIsMade() async throws {
        try await ended { phone in
            let damaged = try await overwrite(phone, at: 0, with: Array("not a wallet at all".utf8))
            phone.shell.appSeen()
            try await phone.blocked(by: .damaged)
            phone.act(.retry)
            phone.act(.beginAnew)
            phone.act(.beginAnew)
            try await phone.welcome()
            let kept = try FileManager.default.subpathsOfDirectory(atPath: phone.folder.url.path)
                .filter { $0.hasSuffix(damaged.lastPathComponent) }
            #expect(kept.count == 2, "nothing was deleted, and once is enough: \(kept)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func dataOfANewerVersionAreLeftAsTheyAre() async throws {
        try await ended { phone in
            // Where SQLite keeps the version of an application's tables.
            let file = try await overwrite(phone, at: 60, with: [0, 0, 0, 99])
            let before = try Data(contentsOf: file)
            phone.shell.appSeen()
            try await phone.blocked(by: .newerVersion)
            phone.act(.updateApp)
            try await until("the driver is led to the store") { phone.phone.places == [.store] }
            #expect(try Data(contentsOf: file) == before)
        }
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            (DeviceError.invalidated, true, Trouble.keyInvalidated), (.invalidated, false, .passcodeRemoved),
            (.notFound, false, .passcodeRemoved), (.locked, true, .deviceLocked), (.failed, true, .keyStore),
            (.failed, false, .noLock),
        ])
    func whatThePhonesKeysDoIsTold(fault: DeviceError, hasLock: Bool, trouble: Trouble) async throws {
        try await ended { phone in
            phone.keys.fail(with: fault)
            phone.phone.hasLock = hasLock
            phone.shell.appSeen()
            let story = try await phone.blocked(by: trouble)
            switch story.action {
            case .retry:
                phone.keys.fail(with: nil)
                phone.act(.retry)
                try await phone.license([])
            case .unlock:
                phone.phone.outcome = .cancelled
                phone.act(.unlock)
                try await until("the lock was asked") { phone.phone.reasons == [.showing] }
                phone.keys.fail(with: nil)
                phone.leaveAndReturn()
                try await phone.license([])
            case .setLock:
                try await setALock(phone, keysAreLost: trouble == .passcodeRemoved)
            default:
                try await beginAnew(phone)
            }
        }
    }

    /// The driver is led to the settings, and comes back with a lock. Where its keys went with the
    /// old one they are lost.
    private func setALock(_ phone: LivePhone, keysAreLost: Bool) async throws {
        phone.act(.setLock)
        try await until("the driver is led to the lock") { phone.phone.places == [.lock] }
        phone.phone.hasLock = true
        if !keysAreLost { phone.keys.fail(with: nil) }
        phone.leaveAndReturn()
        guard keysAreLost else {
            try await phone.license([])
            return
        }
        try await phone.blocked(by: .keyInvalidated)
        try await beginAnew(phone)
    }

    /// Nothing goes aside before it is chosen.
    private func beginAnew(_ phone: LivePhone) async throws {
        #expect(try phone.wallets() == 1)
        phone.keys.fail(with: nil)
        phone.act(.setLock)
        phone.act(.beginAnew)
        try await phone.welcome()
        #expect(try phone.wallets() == 2, "the old one lies beside")
    }

    @Test(.timeLimit(.minutes(5)), arguments: [(true, Trouble.otherDevice), (false, .passcodeRemoved)])
    func theFilesOfAnotherPhoneAreOfNoUseHere(hasLock: Bool, trouble: Trouble) async throws {
        try await ended { phone in
            // That phone has its own wallet, and so its own key.
            try await Wallet.create(
                at: phone.directory.appending(path: "of another"),
                trusting: phone.rootKey,
                authority: #require(URL(string: "http://127.0.0.1:1")),
                keyStore: phone.newKeys()
            ).close()
            try phone.keys.become(phone.newKeys())
            phone.phone.hasLock = hasLock
            phone.shell.appSeen()
            try await phone.blocked(by: trouble)
            guard !hasLock else { return }
            // It is this phone all the same: with the lock its keys went.
            phone.phone.hasLock = true
            phone.leaveAndReturn()
            try await phone.blocked(by: .keyInvalidated)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aPhoneWithoutALockShowsNothingUntilItHasOne() async throws {
        try await withALicense { phone, _, _ in
            phone.phone.outcome = .noLock
            phone.phone.hasLock = false
            phone.send(.show)
            let button = try await phone.wait(for: "no lock") { screen -> ShowButton? in
                guard case .locked(let note) = screen.show?.phase, note.words.key == "show.no_lock" else { return nil }
                return screen.show?.button
            }
            #expect(button.does == .act(action: .setLock))
            phone.act(.beginAnew)
            phone.act(.setLock)
            try await until("the driver is led to the lock") { phone.phone.places == [.lock] }
            phone.phone.outcome = .opened
            phone.phone.hasLock = true
            phone.leaveAndReturn()
            phone.act(.setLock)
            _ = try await phone.code()
            phone.send(.back)
            try await phone.license([])
        }
    }

    /// Without a passcode an iPhone makes no key that dies with it.
    @Test(.timeLimit(.minutes(5)))
    func aPhoneWithoutALockIsToldSoBeforeTheFirstLicense() async throws {
        try await onAPhone { phone, authority in
            let added = try await authority.register()
            phone.phone.hasLock = false
            phone.keys.fail(.making, with: .failed)
            phone.shell.appSeen()
            phone.send(.link(text: added.offer))
            try await phone.wait(for: "the offer", \.offer)
            phone.typeCode(added.txCode)
            phone.send(.takeOffer)
            let refused = try await phone.wait(for: "the refusal") { screen in
                screen.offer.flatMap { $0.wantsLock ? $0 : nil }
            }
            #expect(refused.refusal?.words.key == "show.no_lock" && refused.code?.field.text == added.txCode)
            phone.act(.setLock)
            try await until("the driver is led to the lock") { phone.phone.places == [.lock] }
            phone.phone.hasLock = true
            phone.keys.fail(.making, with: nil)
            phone.leaveAndReturn()
            // The same button goes on from there: no code was spent.
            phone.act(.setLock)
            try await phone.license([])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func nothingHappensAfterTheEnd() async throws {
        try await ended { phone in
            phone.keys.fail(with: .failed)
            phone.shell.appSeen()
            try await phone.blocked(by: .keyStore)
            phone.keys.fail(with: nil)
            await phone.end()
            let last = phone.screen
            phone.act(.retry)
            phone.send(.link(text: "openid-credential-offer://?credential_offer=1"))
            phone.shell.appSeen()
            var later: [Screen] = []
            for await update in phone.shell.updates { later.append(update.screen) }
            #expect(later == [last], "and then the stream ends")
        }
    }

    /// Changes bytes of the wallet's database, and gives its place.
    @discardableResult
    private func overwrite(_ phone: LivePhone, at offset: UInt64, with bytes: [UInt8]) async throws -> URL {
        let folder = phone.directory.appending(path: "vault")
        var database: URL?
        // Closing returns at once; the last connection puts everything into one file.
        try await until("one file is left") {
            let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            database = try files.first { try Data(contentsOf: $0).starts(with: Data("SQLite format 3".utf8)) }
            return database != nil && !files.contains { $0.lastPathComponent.hasSuffix("-wal") }
        }
        let file = try #require(database)
        let handle = try FileHandle(forWritingTo: file)
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
        return file
    }
}
