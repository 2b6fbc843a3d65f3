import Foundation
import Testing
import VidimusTestSupport

@testable import Vidimus
@testable import VidimusModels

/// A new beginning puts no wallet aside that is open and has a license to show.
@MainActor @Suite struct NewBeginningTests {
    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func aWalletWhoseLicenseCanBeShownIsKept(isShowing: Bool) async throws {
        let authority = try await Authority.start()
        let phone = try LivePhone(authority)
        defer { phone.close() }
        try await phone.enroll(try await authority.register())
        let card = try await phone.license([]).card
        let wallet = try #require(phone.model.wallet)
        let folder = phone.directory.path(percentEncoded: false)
        let before = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()

        if isShowing {
            phone.model.show(card, to: nil) { () async throws(WalletError) in throw .vault(.keyInvalidated) }
            try await phone.wait(for: "the failure") { $0 == .show(.failed(.keyInvalidated)) ? true : nil }
        } else {
            phone.model.open?.licenses.note(.vault(.keyInvalidated))
            try await phone.license([.keyInvalidated])
        }
        phone.model.act(.beginAnew)
        try await phone.wait(for: "the welcome") { $0 == .welcome(WelcomeState(mayGoBack: true)) ? true : nil }
        #expect(phone.model.wallet === wallet)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == before)

        phone.model.back()
        try await phone.license()
        phone.model.show()
        _ = try await phone.live()
    }
}
