import Foundation
import Testing
import Vidimus
import VidimusTestSupport

/// Names of the world, from the register to the picture on the glass.
@Suite struct NamesAndPictures {
    static let names = [
        ("بن عبد العزيز", "محمد"), ("রহমান", "শেখ মুজিবুর"), ("欧阳", "娜娜"), ("", "𠮷 Ñandú"),
    ]

    @Test(arguments: names)
    func aNameTravelsFromTheRegisterToThePicture(family: String, given: String) async throws {
        let phone = try await Phone(try await Authority.start(), keys: DelegatingKeyStore.withHardware())
        let license = try await phone.enrollNewDriver(Driver(family: family, given: given))
        let held = try #require(await phone.wallet.licenses().first?.license)
        #expect((held.familyName, held.givenNames) == (family, given))
        let frame = try await phone.show(license)
        let seen = try frame.symbol.scan()
        #expect(seen == frame.text)
        let read = try #require(await phone.reader().check(seen).license)
        #expect(read == held)
    }

    @Test func aPictureIsTheSymbolWithItsQuietZone() async throws {
        let phone = try await Phone(try await Authority.start())
        let symbol = try await phone.show(phone.enrollNewDriver()).symbol
        let picture = try GreyPicture(png: symbol.png(scale: 1))
        #expect(picture.width == symbol.size + 8 && picture.height == symbol.size + 8)
        for y in -4..<symbol.size + 4 {
            for x in -4..<symbol.size + 4 {
                try #require(symbol.isDark(x: x, y: y) == picture.isDark(x: x + 4, y: y + 4))
            }
        }
        for scale in [0, 33, -1, .max] {
            #expect(throws: WalletError.invalidArgument) { try symbol.png(scale: scale) }
        }
    }

    @Test func aChallengeIsReadFromItsPictureAndAnswered() async throws {
        let phone = try await Phone(try await Authority.start())
        let license = try await phone.enrollNewDriver()
        let officer = try await phone.reader()
        let challenge = try officer.ask(as: "Checkpoint 12")
        let seen = try #require(challenge.symbol).scan()
        let answer = try await phone.wallet.answer(phone.wallet.readChallenge(seen), with: license)
        #expect(try await officer.check(answer.frame().text, answering: challenge).isAccepted)
    }

    @Test func aPictureIsLeftForTheOtherLanguage() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority)
        let license = try await phone.enrollNewDriver(Driver(family: "李 الأمل 𠮷", given: "ক্ষমা"))
        let frame = try await phone.show(license)
        let trustList = try #require(await phone.wallet.trustList())
        let files: [(String, Data)] = try [
            ("root.cose", authority.rootKey),
            ("trust-list.cose", trustList),
            ("at.txt", Data("\(Int(frame.issuedAt.timeIntervalSince1970))".utf8)),
            ("name.txt", Data("李 الأمل 𠮷".utf8)),
            ("picture.png", frame.symbol.png(scale: 4)),
        ]
        let folder = try Environment.exchange.appending(path: "swift")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, content) in files { try content.write(to: folder.appending(path: name), options: .atomic) }
    }
}

/// What Kotlin left, where its tests ran before.
@Suite(.enabled(if: Environment.expectedPicture == "kotlin")) struct PictureFromKotlin {
    @Test func aPictureMadeByKotlinIsReadAndAccepted() throws {
        let folder = try Environment.exchange.appending(path: "kotlin")
        func file(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }
        let officer = try Verifier(rootKey: file("root.cose"))
        try officer.setTrustList(file("trust-list.cose"))
        let seconds = String(decoding: try file("at.txt"), as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines
        )
        let at = Date(timeIntervalSince1970: try #require(TimeInterval(seconds)))
        let seen = try QRReader.text(of: GreyPicture(png: file("picture.png")))
        let verdict = try officer.check(seen, at: at)
        #expect(verdict.isAccepted)
        let name = String(decoding: try file("name.txt"), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(verdict.license?.familyName == name)
    }
}
