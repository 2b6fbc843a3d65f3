import Foundation
import Testing
import Vidimus
import VidimusModels
import VidimusTestSupport

import func VidimusCore.provokePanicInNextOpening

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Each trouble is brought about in the real core, and its screen appears.
@MainActor @Suite struct ProvokedTroublesTests {
    /// A phone with a license.
    private func phone(network: NetworkAccess = .publicRoots) async throws -> (LivePhone, Authority, Authority.Added) {
        let authority = try await Authority.start()
        let added = try await authority.register()
        let phone = try LivePhone(authority, network: network)
        do {
            try await phone.enroll(added)
        } catch {
            phone.close()
            throw error
        }
        return (phone, authority, added)
    }

    /// A phone whose app was ended, with what happened to its files since.
    private func ended() async throws -> LivePhone {
        let (phone, _, _) = try await phone()
        phone.model.close()
        return LivePhone(again: phone)
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            ("suspended", Trouble.suspended), ("lapsed", .lapsed), ("points_limit", .pointsLimit),
            ("unresolved", .unresolved), ("superseded", .superseded), ("revoked", .revoked),
        ])
    func whatTheAuthoritySaysIsSeenAfterARefresh(status: String, trouble: Trouble) async throws {
        let (phone, authority, added) = try await phone()
        defer { phone.close() }
        try await authority.setStatus(status, of: added)
        phone.model.refresh()
        try await phone.license([trouble])
        phone.model.act(.setClock)
        phone.model.show()
        #expect(try await phone.live().standing.tone == trouble.tone, "it may be shown; the officer judges")
    }

    @Test(.timeLimit(.minutes(5)))
    func withoutANetworkTheLicenseIsShownAllTheSame() async throws {
        let (phone, authority, _) = try await phone()
        defer { phone.close() }
        authority.stop()
        phone.model.refresh()
        try await phone.license([.noNetwork])
        phone.model.show()
        _ = try await phone.live()
        phone.model.back()
        phone.model.addLicense()
        phone.model.typeOffer("openid-credential-offer://?credential_offer_uri=\(authority.url)/offer")
        phone.model.readOffer()
        try await phone.wait(for: "no network") { screen in
            if case .welcome(let state) = screen, state.refusal == .noNetwork, state.mayGoBack { true } else { nil }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aLicenseWhoseStatusNeverCameIsUnknown() async throws {
        let authority = try await Authority.start()
        let phone = try LivePhone(authority, network: .transport(Detour(statuses: .lost)))
        defer { phone.close() }
        try await phone.enroll(try await authority.register(), troubles: nil)
        let license = try await phone.license(with: .statusUnknown)
        #expect(license.card.standing.tone == .unknown && license.card.standing.age == nil)
    }

    /// Somebody on the way keeps giving out what the authority signed two days ago.
    @Test(.timeLimit(.minutes(5)))
    func aStatusOfTwoDaysAgoIsOld() async throws {
        let detour = Detour()
        let (phone, authority, _) = try await phone(network: .transport(detour))
        defer { phone.close() }
        let status = authority.url.appending(path: "s/0/0")
        let (old, _) = try await URLSession.shared.data(from: status)
        detour.make(statuses: .replaced(by: old))
        try await twoDaysPass(phone, authority) { try await authority.rotateKeys() }
        try await phone.license(with: .statusOld)
        let standing = try await phone.wait(for: "a status of 50 hours ago") { screen -> Standing? in
            guard case .license(let state) = screen, let age = state.card.standing.age else { return nil }
            return age > .seconds(49 * 3_600) && age < .seconds(51 * 3_600) ? state.card.standing : nil
        }
        #expect(standing.kind == .statusStale && standing.tone == .caution)
    }

    /// Two days pass at the authority, and the phone hears of them by what is signed. It believes nothing that is
    /// more than a day ahead of what it knows, so it is told twice on the way.
    private func twoDaysPass(
        _ phone: LivePhone, _ authority: Authority, sign: () async throws -> Void
    ) async throws {
        for clock in ["+20h", "+40h", "+50h"] {
            try await authority.setClock(clock)
            try await sign()
            // Where a renewal is due it fails: what serves has another clock by now.
            _ = try await #require(phone.phone.wallet).refresh(.now)
        }
        phone.model.refresh()
    }

    @Test(.timeLimit(.minutes(5)))
    func aClockBehindASignatureIsNoticed() async throws {
        let (phone, authority, added) = try await phone()
        defer { phone.close() }
        try await authority.setClock("+2h")
        try await authority.setStatus("valid", of: added)
        phone.model.refresh()
        try await phone.license(with: .clockSetBack)
    }

    /// The phone's clock stands still, but what the authority signs says that the day has come.
    @Test(.timeLimit(.minutes(5)))
    func aLicenseEndsWithItsLastDay() async throws {
        let authority = try await Authority.start()
        var driver = Driver()
        driver.expiryDate = Date.now.addingTimeInterval(86_400).formatted(.iso8601.year().month().day())
        let added = try await authority.register(driver)
        let phone = try LivePhone(authority)
        defer { phone.close() }
        try await phone.enroll(added)
        try await twoDaysPass(phone, authority) { try await authority.setStatus("valid", of: added) }
        let expired = try await phone.license(with: .licenseExpired)
        #expect(expired.card.standing.tone == .bad, "the authority still says that it is valid")
        phone.model.show()
        #expect(try await phone.live().standing.kind == .licenseExpired)
    }

    @Test(.timeLimit(.minutes(5)))
    func whoeverStandsInTheAuthoritysPlaceIsNotBelieved() async throws {
        let detour = Detour()
        let (phone, _, _) = try await phone(network: .transport(detour))
        defer { phone.close() }
        let other = try await Authority.start()
        defer { other.stop() }
        detour.lead(to: other.url)
        phone.model.refresh()
        // Its list is not believed, and of a status of ours it knows nothing.
        try await phone.license([.authorityUnknown, .noNetwork])
        let leaving = phone.model.leave
        phone.model.act(.beginAnew)
        phone.model.act(.askAuthority)
        for await action in leaving {
            #expect(action == .askAuthority, "only what is offered is done")
            break
        }
        detour.lead(to: nil)
        phone.model.refresh()
        try await phone.license([])
    }

    @Test(.timeLimit(.minutes(5)))
    func anOlderCopyIsNoticedUntilItWasRefreshed() async throws {
        let (phone, authority, added) = try await phone()
        defer { phone.close() }
        phone.model.close()
        let copy = phone.directory.deletingLastPathComponent().appending(path: "copy")
        try FileManager.default.copyItem(at: phone.directory, to: copy)

        let second = LivePhone(again: phone)
        second.model.start()
        try await second.license([])
        try await authority.setStatus("suspended", of: added)
        second.model.refresh()
        try await second.license([.suspended])
        second.model.close()
        try FileManager.default.removeItem(at: phone.directory)
        try FileManager.default.moveItem(at: copy, to: phone.directory)

        let third = LivePhone(again: phone)
        defer { third.close() }
        third.model.start()
        let license = try await third.license([.rolledBack, .statusUnknown])
        #expect(license.card.standing.tone == .unknown, "what it says of the status may be outdated")
        third.model.act(.refresh)
        try await third.license([.suspended])
    }

    @Test(.timeLimit(.minutes(5)), .enabled(if: SmallDisk.isAllowed, "a small disk can be mounted"))
    func aFullDiskIsTold() async throws {
        let disk = try SmallDisk()
        let phone = try LivePhone(try await Authority.start(), disk: disk.folder)
        defer { phone.close() }
        try disk.fill()
        phone.model.start()
        try await phone.blocked(by: .storageFull)
    }

    @Test(.timeLimit(.minutes(5)))
    func aFileWhereTheFolderShouldBeIsTold() async throws {
        let phone = try LivePhone(try await Authority.start())
        defer { phone.close() }
        try Data("a file".utf8).write(to: phone.directory)
        phone.model.start()
        try await phone.blocked(by: .storageFailed)
        #expect(try Data(contentsOf: phone.directory) == Data("a file".utf8), "it is kept")
    }

    @Test(.timeLimit(.minutes(5)))
    func damagedFilesAreKeptAsideAndANewBeginningIsMade() async throws {
        let phone = try await ended()
        defer { phone.close() }
        let damaged = try await overwrite(phone, at: 0, with: Array("not a wallet at all".utf8))
        phone.model.start()
        try await phone.blocked(by: .damaged)
        phone.model.act(.retry)
        phone.model.act(.beginAnew)
        phone.model.act(.beginAnew)
        try await phone.wait(for: "the welcome") { $0 == .welcome(WelcomeState()) ? true : nil }
        let kept = try FileManager.default.subpathsOfDirectory(
            atPath: phone.directory.deletingLastPathComponent().path
        ).filter { $0.hasSuffix(damaged.lastPathComponent) }
        #expect(kept.count == 2, "nothing was deleted, and once is enough: \(kept)")
    }

    @Test(.timeLimit(.minutes(5)))
    func dataOfANewerVersionAreLeftAsTheyAre() async throws {
        let phone = try await ended()
        defer { phone.close() }
        // Where SQLite keeps the version of an application's tables.
        let file = try await overwrite(phone, at: 60, with: [0, 0, 0, 99])
        let before = try Data(contentsOf: file)
        phone.model.start()
        try await phone.blocked(by: .newerVersion)
        let leaving = phone.model.leave
        phone.model.act(.updateApp)
        for await action in leaving {
            #expect(action == .updateApp)
            break
        }
        #expect(try Data(contentsOf: file) == before)
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            (DeviceError.invalidated, true, Trouble.keyInvalidated), (.invalidated, false, .passcodeRemoved),
            (.notFound, false, .passcodeRemoved), (.locked, true, .deviceLocked), (.failed, true, .keyStore),
        ])
    func whatThePhonesKeysDoIsTold(fault: DeviceError, hasLock: Bool, trouble: Trouble) async throws {
        let phone = try await ended()
        defer { phone.close() }
        phone.keys.fail(with: fault)
        phone.phone.hasLock = hasLock
        phone.model.start()
        try await phone.blocked(by: trouble)
        // It lasts until the phone has changed.
        switch trouble.action {
        case .retry:
            phone.keys.fail(with: nil)
            phone.model.act(.retry)
            try await phone.license([])
        case .unlock:
            phone.phone.answer(.cancelled)
            phone.model.act(.unlock)
            try await until("the lock was asked") { phone.phone.timesAsked == 1 }
            phone.keys.fail(with: nil)
            await phone.model.foreground()
            try await phone.license([])
        case .setLock:
            let leaving = phone.model.leave
            phone.model.act(.setLock)
            for await action in leaving {
                #expect(action == .setLock)
                break
            }
            phone.phone.hasLock = true
            // The driver comes back, or presses once more.
            if fault == .notFound { phone.model.act(.setLock) } else { await phone.model.foreground() }
            try await phone.blocked(by: .keyInvalidated)
            try await beginAnew(phone)
        default:
            try await beginAnew(phone)
        }
    }

    /// Nothing goes aside before it is chosen.
    private func beginAnew(_ phone: LivePhone) async throws {
        #expect(try phone.wallets() == 1)
        phone.keys.fail(with: nil)
        phone.model.act(.setLock)
        phone.model.act(.beginAnew)
        try await phone.wait(for: "the welcome") { $0 == .welcome(WelcomeState()) ? true : nil }
        #expect(try phone.wallets() == 2, "the old one lies beside")
    }

    @Test(.timeLimit(.minutes(5)), arguments: [(true, Trouble.otherDevice), (false, .passcodeRemoved)])
    func theFilesOfAnotherPhoneAreOfNoUseHere(hasLock: Bool, trouble: Trouble) async throws {
        let phone = try await ended()
        defer { phone.close() }
        let own = phone.keys
        // That phone has a wallet, and so a key, of its own.
        try await Wallet.create(
            at: phone.directory.appending(path: "of another"),
            trusting: phone.rootKey,
            authority: #require(URL(string: "http://127.0.0.1:1")),
            keyStore: phone.newKeys()
        ).close()
        try own.become(phone.newKeys())
        phone.phone.hasLock = hasLock
        phone.model.start()
        try await phone.blocked(by: trouble)
        guard !hasLock else { return }
        // It is this phone all the same: with the lock its keys went.
        phone.phone.hasLock = true
        await phone.model.foreground()
        try await phone.blocked(by: .keyInvalidated)
    }

    @Test(.timeLimit(.minutes(5)))
    func aPhoneWithoutALockShowsNothingUntilItHasOne() async throws {
        let (phone, _, _) = try await phone()
        defer { phone.close() }
        phone.phone.answer(.noLock)
        phone.phone.hasLock = false
        phone.model.show()
        try await phone.wait(for: "no lock") { $0 == .show(.locked(.noLock)) ? true : nil }
        let leaving = phone.model.leave
        phone.model.act(.beginAnew)
        phone.model.act(.setLock)
        for await action in leaving {
            #expect(action == .setLock)
            break
        }
        phone.phone.answer(.opened)
        phone.phone.hasLock = true
        phone.model.act(.setLock)
        _ = try await phone.live()
        phone.model.back()
        try await phone.license([])
    }

    @Test(.timeLimit(.minutes(5)))
    func aFaultInTheMidstOfTheLibraryIsToldAndPasses() async throws {
        let phone = try await ended()
        defer { phone.close() }
        try provokePanicInNextOpening()
        phone.model.start()
        try await phone.blocked(by: .internal)
        phone.model.act(.retry)
        try await phone.license([])
    }

    @Test(.timeLimit(.minutes(5)))
    func aWalletThatFailsUnderAShowingIsTold() async throws {
        let (phone, _, _) = try await phone()
        defer { phone.close() }
        phone.model.wallet?.close()
        phone.model.show()
        try await phone.wait(for: "the failure") { $0 == .show(.failed(.internal)) ? true : nil }
        phone.model.back()
        try await phone.license()
    }

    @Test(.timeLimit(.minutes(5)))
    func nothingHappensAfterTheEnd() async throws {
        let phone = try await ended()
        defer { phone.close() }
        phone.keys.fail(with: .failed)
        phone.model.start()
        try await phone.blocked(by: .keyStore)
        phone.keys.fail(with: nil)
        phone.model.close()
        phone.model.act(.retry)
        phone.model.scanned("openid-credential-offer://?credential_offer=1")
        await phone.model.foreground()
        #expect(phone.model.screen == .blocked(BlockedState(trouble: .keyStore)) && phone.model.wallet == nil)
        var later: [String] = []
        for await screen in phone.model.screens { later.append(screen.code) }
        #expect(later == ["blocked"], "and then the stream ends")
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
