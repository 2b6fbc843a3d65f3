import Foundation
import Testing
import Vidimus
import VidimusTestSupport

/// What ships: the stripped library, and the README's example on it.
@Suite struct SmokeTests {
    @Test func theExampleOfTheReadmeIsTheOneThatIsTestedHere() throws {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let readme = try String(contentsOf: here.appending(path: "../../README.md"), encoding: .utf8)
        let example = try String(contentsOf: here.appending(path: "Example.swift"), encoding: .utf8)
        #expect(readme.contains("```swift\n\(example)```\n"))
        // Each of its two functions.
        let functions = example.split(separator: "\n}\n")
        #expect(functions.count == 2 && functions.allSatisfy { $0.split(separator: "\n").count <= 20 })
        #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count <= 101)
    }

    @Test func theExampleOfTheReadmeShowsARotatingQR() async throws {
        let authority = try await Authority.start()
        let added = try await authority.register()
        let folder = try TemporaryFolder()
        var symbols: [QRSymbol] = []
        try await showLicense(
            offer: added.offer,
            code: added.txCode,
            root: authority.rootKey,
            authority: authority.url,
            folder: folder.url
        ) { symbol, standing in
            symbols.append(symbol)
            #expect(standing.kind == .valid)
            return symbols.count < 2
        }
        #expect(symbols.count == 2 && symbols[0] != symbols[1] && symbols[0].size == symbols[1].size)
        #expect(symbols[0].isDark(x: 0, y: 0))
    }

    @Test func theReaderOfTheReadmeJudgesWhatItsCameraSees() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority)
        let license = try await phone.enrollNewDriver()
        let presentation = try await phone.wallet.present(license)
        try await presentation.showFace(true)
        let shown = try await presentation.frame()
        var pictures = [[shown.text]]
        pictures += try shown.face.map { [try $0.scan()] }
        pictures.append([shown.text, try await phone.show(phone.enrollNewDriver()).text])
        var told: [String] = []
        var seen = pictures.makeIterator()
        let folder = try TemporaryFolder()
        try await readLicenses(
            TrustedAuthority(rootKey: authority.rootKey, address: authority.url.absoluteString, bundles: []),
            folder: folder.url,
            picture: { seen.next() },
            tell: { told.append($0) }
        )
        let portrait = try #require(await phone.wallet.portrait(of: license))
        #expect(told == ["may drive", "the face, \(portrait.count) bytes", "one license, please"])
    }

    @Test func aLicenseIsShownAndJudgedByWhatShips() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority)
        let license = try await phone.enrollNewDriver()
        phone.wallet.close()
        let wallet = try await Wallet.open(at: phone.directory, keyStore: phone.keys)
        let frame = try await wallet.present(license).frame()
        #expect(try await phone.reader(of: wallet).check(frame.text).isAccepted)
        await #expect(throws: WalletError.vault(.otherDevice)) {
            try await Wallet.open(at: phone.directory, keyStore: FileKeyStore(directory: TemporaryFolder().url))
        }
    }
}
