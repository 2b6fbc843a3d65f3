import Foundation
import Testing
import VidimusConversions
import VidimusTestSupport

@testable import Vidimus

/// The shared vectors: Swift says of each token what Rust says.
@Suite struct VectorSanitized {
    @Test(arguments: Vectors.cases)
    func everyVerdictIsTheOneOfTheIndex(_ one: VectorCase) throws {
        #expect(try one.judge() == one.expected())
    }

    @Test(arguments: [.nan, .infinity, -.infinity, 1e300, -1e300, -1, 253_402_300_800])
    func aTimeOutsideTheYearsThatAreCountedIsAnInvalidArgument(_ seconds: TimeInterval) throws {
        let verifier = try Verifier(rootKey: Vectors.file("root.cose"))
        #expect(throws: WalletError.invalidArgument) {
            try verifier.check("DL1:", at: Date(timeIntervalSince1970: seconds))
        }
    }

    @Test(arguments: Vectors.faces)
    func everyFaceIsGivenOrNotAsTheIndexSays(_ face: FaceCase) throws {
        #expect(try face.collected() == face.holds)
    }

    @Test func aFaceWaitsForAVerdictWhoseLicenseIsAuthentic() throws {
        let verifier = try Verifier(rootKey: Vectors.file("root.cose"))
        let faces = try FaceCollector()
        try faces.take(Vectors.text("faces/one-frame.txt"))
        let refused = try verifier.check(Vectors.text("tokens/one-way-ed25519.txt"))
        #expect(refused.findings.portraitDigest == nil)
        #expect(try faces.face(of: refused) == nil)
    }

    @Test func everyReasonAndEveryVerdictHasAVector() {
        let expected = Vectors.cases.map(\.expect)
        #expect(Set(expected.map(\.verdict)) == ["accept", "caution", "refuse"])
        #expect(Vectors.faces.count > 20)
        #expect(Set(expected.flatMap(\.reasons)).count == 36)
    }
}

/// `tests/vectors/index.json`, as far as verdicts go.
private struct Index: Decodable {
    struct Named: Decodable {
        let name: String
        let fields: ExpectedLicense
    }

    struct Object: Decodable {
        let name: String
        let file: String
    }

    let licenses: [Named]
    let objects: [Object]
    let verdicts: [VectorCase]
}

/// The faces alone: what other objects hold has other shapes.
private struct Faces: Decodable {
    let objects: [FaceCase]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let candidates = try container.decode([Candidate].self, forKey: .objects)
        objects = candidates.compactMap(\.face)
    }

    private enum Key: String, CodingKey { case objects }

    private struct Candidate: Decodable {
        let face: FaceCase?

        init(from decoder: any Decoder) throws {
            let named = try Index.Object(from: decoder)
            face = named.name.hasPrefix("faces/") ? try FaceCase(from: decoder) : nil
        }
    }
}

/// One face: a text a line, and what a verifier that took them all gives to the usual license.
struct FaceCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Holds: Decodable, Equatable {
        let frames: Int
        let jpeg: String
    }

    let name: String
    let file: String
    let holds: Holds?

    var testDescription: String { name }

    func collected() throws -> Holds? {
        let verifier = try Verifier(rootKey: Vectors.file("root.cose"))
        try verifier.setTrustList(Vectors.file("trust/current.cbor"))
        let now = Date(timeIntervalSince1970: 1_795_000_000)
        let verdict = try verifier.check(Vectors.text("tokens/one-way-ed25519.txt"), at: now)
        let lines = try Vectors.text(file).split(separator: "\n", omittingEmptySubsequences: false)
        let faces = try FaceCollector()
        let taken = try lines.compactMap { try faces.take(String($0)) }
        guard let jpeg = try faces.face(of: verdict) else { return nil }
        let frames = taken.filter { $0.read == $0.count }.map(\.count).max()
        let picture = "faces/usual.jpg"
        return Holds(frames: frames ?? 0, jpeg: try Vectors.file(picture) == jpeg ? picture : "another picture")
    }
}

enum Vectors {
    /// Every case; none where the file cannot be read, which another test notices.
    static var cases: [VectorCase] { index?.verdicts ?? [] }

    static func license(_ name: String) -> ExpectedLicense? {
        index?.licenses.first { $0.name == name }?.fields
    }

    static func file(_ name: String) throws -> Data {
        try Data(contentsOf: Environment.vectors.appending(path: name))
    }

    static func text(_ name: String) throws -> String {
        String(decoding: try file(name), as: UTF8.self)
    }

    /// Every face; none where the file cannot be read, which another test notices.
    static var faces: [FaceCase] {
        let found = try? JSONDecoder().decode(Faces.self, from: file("index.json"))
        return found?.objects ?? []
    }

    private static let index = try? JSONDecoder().decode(Index.self, from: file("index.json"))
}

/// One case: a text from a camera, and what a fresh verifier says of it.
struct VectorCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Asked: Decodable {
        let cnonce: String
        let reader: String
        let askedAgo: Int

        enum CodingKeys: String, CodingKey {
            case cnonce, reader
            case askedAgo = "asked_ago_s"
        }
    }

    struct Expect: Decodable {
        let verdict: String
        let reasons: [String]
        let license: String?
        let status: Said.Status
        let token: Said.Token?
    }

    let name: String
    let now: TimeInterval
    let text: String
    let firstTrust: String?
    let firstBundle: String?
    let trust: String
    let bundle: String?
    let online: String?
    let category: String?
    let challenge: Asked?
    let seenBefore: Bool
    let expect: Expect

    var testDescription: String { name }

    enum CodingKeys: String, CodingKey {
        case name, now, text, trust, bundle, online, category, challenge, expect
        case firstTrust = "first_trust"
        case firstBundle = "first_bundle"
        case seenBefore = "seen_before"
    }

    func judge() throws -> Said {
        let verifier = try Verifier(rootKey: Vectors.file("root.cose"))
        let now = Date(timeIntervalSince1970: now)
        // What is refused is refused: the verdict says so.
        if let firstTrust { try? verifier.setTrustList(Vectors.file(firstTrust)) }
        if let firstBundle { _ = try? verifier.setBundle(Vectors.file(firstBundle)) }
        try? verifier.setTrustList(Vectors.file(trust))
        if let bundle { _ = try? verifier.setBundle(Vectors.file(bundle)) }
        let challenge = try challenge.map { asked in
            let byDigits = asked.reader == "dl1:code"
            return try verifier.core.askWith(
                reader: byDigits ? nil : asked.reader,
                cnonce: Data(hex: asked.cnonce),
                now: now,
                askedAgoS: asked.askedAgo
            )
        }
        let shown = String(decoding: try Vectors.file(text), as: UTF8.self)
        let online = try online.map(Vectors.file)
        func check() throws -> Verdict {
            try verifier.check(shown, answering: challenge, onlineStatus: online, category: category, at: now)
        }
        if seenBefore { _ = try check() }
        return Said(try check())
    }

    func expected() throws -> Said {
        Said(
            verdict: expect.verdict,
            reasons: expect.reasons,
            license: try expect.license.map { try #require(Vectors.license($0)) },
            status: expect.status,
            token: expect.token
        )
    }
}

/// A verdict, in the shape of the index.
struct Said: Equatable {
    struct Status: Decodable, Equatable {
        let state: String
        let asOf: TimeInterval?
        let age: Int64?
        let source: String

        enum CodingKeys: String, CodingKey {
            case state, source
            case asOf = "as_of"
            case age = "age_s"
        }
    }

    struct Token: Decodable, Equatable {
        let iat: TimeInterval
        let exp: TimeInterval
        let challenged: Bool
    }

    let verdict: String
    let reasons: [String]
    let license: ExpectedLicense?
    let status: Status
    let token: Token?
}

extension Said {
    init(_ verdict: Verdict) {
        let (findings, status) = (verdict.findings, verdict.findings.status)
        self.init(
            verdict: verdict.isAccepted ? "accept" : verdict.isRefused ? "refuse" : "caution",
            reasons: findings.reasons.map { snake("\($0)") },
            license: verdict.license.map(ExpectedLicense.init),
            status: Status(
                state: snake("\(status.state)"),
                asOf: status.asOf?.timeIntervalSince1970,
                age: status.age?.components.seconds,
                source: snake("\(status.source)")
            ),
            token: findings.token.map {
                Token(
                    iat: $0.issuedAt.timeIntervalSince1970,
                    exp: $0.expiresAt.timeIntervalSince1970,
                    challenged: $0.challenged
                )
            }
        )
    }
}

/// A license, in the shape of the index.
struct ExpectedLicense: Decodable, Equatable {
    struct Category: Decodable, Equatable {
        let code: String
        let from: String?
        let until: String?
        let restrictions: [String]?
    }

    let familyName: String
    let givenNames: String
    let birthDate: String
    let licenseNumber: String
    let issueDate: String
    let expiryDate: String?
    let utcOffset: String?
    let issuingCountry: String
    let categories: [Category]

    enum CodingKeys: String, CodingKey {
        case familyName = "family_name"
        case givenNames = "given_names"
        case birthDate = "birth_date"
        case licenseNumber = "license_number"
        case issueDate = "issue_date"
        case expiryDate = "expiry_date"
        case utcOffset = "utc_offset"
        case issuingCountry = "issuing_country"
        case categories
    }

    init(_ license: License) {
        familyName = license.familyName
        givenNames = license.givenNames
        birthDate = license.birthDate.iso
        licenseNumber = license.licenseNumber
        issueDate = license.issueDate.isoDay
        expiryDate = license.expiryDate?.isoDay
        utcOffset = offset(license.utcOffset.secondsFromGMT() / 60)
        issuingCountry = license.issuingCountry
        categories = license.categories.map {
            Category(
                code: $0.code,
                from: $0.validFrom?.isoDay,
                until: $0.validUntil?.isoDay,
                restrictions: $0.restrictions.isEmpty ? nil : $0.restrictions
            )
        }
    }
}

/// Minutes as the index writes them: `+08:00`; nothing for none.
private func offset(_ minutes: Int) -> String? {
    guard minutes != 0 else { return nil }
    let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
    return String(format: "%@%02d:%02d", minutes < 0 ? "-" : "+", hours, rest)
}

/// `statusStale` as the index writes it: `status_stale`.
private func snake(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
}

extension Data {
    /// The bytes of hexadecimal digits.
    init(hex: String) {
        let digits = Array(hex)
        self.init(
            stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
        )
    }
}
