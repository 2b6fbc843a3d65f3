import Foundation
import Testing
import Vidimus
import VidimusTestSupport

/// A reader's book and its looks, on the real core and the real authority.
@Suite struct ReaderBookSanitized {
    @Test func aLookAcceptsAndJoinsTheFaceFromFramesOfWhichAThirdIsLost() async throws {
        let (phone, license, book) = try await Self.withBook()
        let presentation = try await phone.wallet.present(license)
        #expect(try await presentation.frame().face.isEmpty, "the driver has not said so")
        try await presentation.showFace(true)
        let shown = try await presentation.frame()
        let code = try shown.symbol.scan()
        let face = try shown.face.map { try $0.scan() }
        #expect((2...16).contains(face.count))
        let look = try book.look()
        let sights = try await look.take([code])
        guard case .verdict(let accepted, let seenForS, let announce) = sights.first, sights.count == 1 else {
            Issue.record("no verdict alone")
            return
        }
        #expect(accepted.verdict.isAccepted && announce && seenForS == 0 && accepted.troubles.isEmpty)
        #expect(try await look.take([code]) == [.same(seenForS: 0)])
        var seen: [Sight] = []
        for pass in 0..<3 {
            for (place, text) in face.enumerated() where (place + pass) % 3 != 0 {
                seen += try await look.take([text])
            }
        }
        let progress = seen.compactMap { if case .face(let progress) = $0 { progress } else { nil } }
        #expect(progress.map(\.read) == Array(1...face.count))
        #expect(progress.allSatisfy { $0.count == face.count })
        let portraits = seen.compactMap { if case .portrait(let jpeg) = $0 { jpeg } else { nil } }
        let portrait = try #require(await phone.wallet.portrait(of: license))
        #expect(portraits == [portrait])
        #expect(try await book.look().take(["https://example.org"]) == [.otherCode])
        #expect(try await book.log().entries.map(\.outcome) == [.accept], "one look, one entry")
    }

    @Test func whatWasSeenBeforeARestartIsRefusedAfterIt() async throws {
        let (phone, license, book) = try await Self.withBook()
        let code = try await phone.show(license).text
        #expect(try await book.check(code).verdict.isAccepted)
        book.close()
        let again = try await Self.open(phone)
        #expect(try await again.check(code).verdict.findings.reasons.first == .replayed)
        let first = try await phone.reader()
        #expect(try first.check(code).isAccepted)
        let kept = try first.remembered()
        let second = try await phone.reader()
        #expect(throws: WalletError.invalidArgument) { try second.remember(kept.dropLast()) }
        try second.remember(kept)
        #expect(try second.check(code).findings.reasons == [.replayed])
    }

    @Test func aSignedChallengeShowsTheDriverAProvenNameAndItsAnswerIsAccepted() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority)
        let license = try await phone.enrollNewDriver()
        let secret = try await authority.addReader("Patrol 7")
        #expect(try await phone.wallet.refresh(.now).failures.isEmpty)
        let book = try await Self.open(phone, readerKey: secret)
        try await Self.trustAndRefresh(book, authority)
        let challenge = try book.ask(as: "Patrol 7", wantsFace: true)
        #expect(try challenge.symbol?.scan() == challenge.text)
        let request = try await phone.wallet.readChallenge(challenge.text)
        #expect(request.provenName == "Patrol 7" && request.wantsFace)
        let look = try book.look(answering: challenge)
        #expect(try await look.take([phone.show(license).text]) == [.notAnAnswer])
        let answer = try await phone.wallet.answer(request, with: license).frame()
        guard case .verdict(let checked, _, _) = try await look.take([answer.text]).first else {
            Issue.record("no verdict")
            return
        }
        #expect(checked.verdict.isAccepted && checked.verdict.findings.token?.challenged == true)
        let digits = try book.askByDigits()
        #expect(digits.text.count == 8 && digits.text.allSatisfy(\.isNumber) && digits.symbol == nil)
        let foreign = Challenge(id: "ff", text: digits.text, symbol: nil)
        await #expect(throws: WalletError.reader(.noSuchChallenge)) {
            try await book.check("DL1:", answering: foreign)
        }
    }

    @Test func ofTwoLicensesInOnePictureNoneIsJudged() async throws {
        let (phone, license, book) = try await Self.withBook()
        let other = try await phone.enrollNewDriver()
        let codes = [try await phone.show(license).text, try await phone.show(other).text]
        let look = try book.look()
        #expect(try await look.take(codes) == [.twoLicenses])
        #expect(try await book.log().entries.isEmpty)
        guard case .verdict(let alone, _, _) = try await look.take([codes[0]]).first else {
            Issue.record("no verdict")
            return
        }
        #expect(alone.verdict.isAccepted)
    }

    @Test func aBookWithADamagedRowOpensNamesItAndIsMended() async throws {
        let (phone, _, book) = try await Self.withBook()
        // So many addresses that the row needs more than one page of the file.
        let long = String(repeating: "x", count: 150)
        let many = (1...40).map { "\(phone.authority.url.absoluteString)/status/bundle/\(long)/\($0)" }
        let id = try await book.trust(Self.trusted(phone.authority, bundles: many))
        book.close()
        try await damageOverflow(in: phone.directory.appending(path: "reader"))
        let damaged = try await Self.open(phone)
        let status = try await damaged.status()
        #expect(status.damagedAuthorities == [id] && !status.mayCheck)
        #expect(try await damaged.examine().damaged.contains(.row))
        await #expect(throws: WalletError.reader(.noAuthority)) { try await damaged.check("DL1:") }
        try await Self.trustAndRefresh(damaged, phone.authority)
        #expect(try await damaged.status().damagedAuthorities.isEmpty)
        #expect(try await phone.wallet.examine().damaged.isEmpty, "the wallet is another file")
    }

    @Test func aWalletAndABookShareAKeyStoreAndNeitherMovesTheOthersNumber() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority, keys: DelegatingKeyStore.withHardware())
        let license = try await phone.enrollNewDriver()
        let before = try #require(await phone.keys.readAnchor())
        let book = try await Self.open(phone)
        #expect(try await book.status().authorities.isEmpty)
        #expect(try await book.status().mayCheck == false)
        try await Self.trustAndRefresh(book, authority)
        let status = try await book.status()
        let held = try #require(status.authorities.first)
        #expect(status.mayCheck && status.authorities.count == 1)
        #expect(try #require(held.listAge) < .seconds(3600))
        #expect(try #require(held.bundles.first?.age) < .seconds(3600))
        #expect(try await phone.keys.readAnchor() == before)
        #expect(try await phone.keys.named("reader").readAnchor() != nil)
        #expect(try await book.check(phone.show(license).text).verdict.isAccepted)
        try await book.distrust(held.id)
        #expect(try await book.status().authorities.isEmpty)
        book.close()
        phone.wallet.close()
        let again = try await Wallet.open(at: phone.directory, keyStore: phone.keys)
        #expect(try await again.licenses().map(\.id) == [license])
        try await Self.open(phone).close()
    }

    @Test func theLogIsReadExportedWithASignatureAndForgotten() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority)
        let license = try await phone.enrollNewDriver()
        let first = try await phone.show(license).text
        let officer = try await Self.open(phone, readerKey: Data(repeating: 7, count: 32))
        try await Self.trustAndRefresh(officer, authority)
        _ = try await officer.check(first)
        _ = try await officer.check(first)
        let log = try await officer.log()
        #expect(log.intact && log.entries.map(\.outcome) == [.refuse, .accept])
        #expect(log.entries.allSatisfy { $0.number == "ZZ-4711-0815" })
        let exported = String(decoding: try await officer.exportedLog(), as: UTF8.self)
        let lines = exported.split(separator: "\n")
        #expect(lines.count == 3 && lines[0].contains("\"accept\"") && lines[1].contains("\"replayed\""))
        #expect(lines[2].contains("\"signed_by\""))
        #expect(try await officer.forgetLog(olderThanDays: 1) == 0)
        #expect(try await officer.forgetLog(olderThanDays: 0) == 2)
        #expect(try await officer.log().entries.isEmpty)
        officer.close()
        let citizen = try await ReaderBook.open(at: phone.directory, keyStore: phone.keys)
        // What is signed in one second is one code.
        try await Task.sleep(for: .milliseconds(1100))
        #expect(try await citizen.check(phone.show(license).text).verdict.isAccepted)
        #expect(try await citizen.log(limit: 1).entries.map(\.number) == [nil])
        #expect(!String(decoding: try await citizen.exportedLog(), as: UTF8.self).contains("signed_by"))
    }

    private static func trusted(_ authority: Authority, bundles: [String] = []) -> TrustedAuthority {
        TrustedAuthority(rootKey: authority.rootKey, address: authority.url.absoluteString, bundles: bundles)
    }

    private static func open(_ phone: Phone, readerKey: Data? = nil) async throws -> ReaderBook {
        try await ReaderBook.open(
            at: phone.directory, keyStore: phone.keys, keepsNumbers: true, readerKey: readerKey)
    }

    private static func trustAndRefresh(_ book: ReaderBook, _ authority: Authority) async throws {
        try await book.trust(trusted(authority))
        let report = try await book.refresh(.now)
        #expect(report.failures.isEmpty && report.requests > 0)
    }

    private static func withBook() async throws -> (Phone, HeldLicense.ID, ReaderBook) {
        let authority = try await Authority.start()
        let phone = try await Phone(authority)
        let license = try await phone.enrollNewDriver()
        let book = try await open(phone)
        try await trustAndRefresh(book, authority)
        return (phone, license, book)
    }
}

/// Changes a byte in the middle of a page that belongs to one long row alone, in the one file that
/// a closed vault of this folder consists of: SQLite begins such a page with the number of the next
/// one, where all others have their kind. A page that is free holds zeros.
private func damageOverflow(in folder: URL) async throws {
    func names() throws -> [String] { try FileManager.default.subpathsOfDirectory(atPath: folder.path) }
    // A vault that was closed a moment ago still folds its files together.
    for _ in 0..<100 where try names().contains(where: { $0.hasSuffix("-wal") }) {
        try await Task.sleep(for: .milliseconds(100))
    }
    let file = folder.appending(path: try #require(names().first { $0.hasSuffix(".sqlite") }))
    var bytes = [UInt8](try Data(contentsOf: file))
    func number(_ place: Int, _ length: Int) -> Int { bytes[place..<place + length].reduce(0) { $0 << 8 | Int($1) } }
    let size = number(16, 2)
    let pages = bytes.count / size
    let overflow = (1..<pages).first { page in
        (0...pages).contains(number(page * size, 4)) && number(page * size + size / 2, 4) != 0
    }
    bytes[try #require(overflow) * size + size / 2] ^= 1
    let handle = try FileHandle(forWritingTo: file)
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
}
