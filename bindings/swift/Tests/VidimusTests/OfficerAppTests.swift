import Foundation
import Testing
import Vidimus
import VidimusApp
import VidimusTestSupport

/// The app that checks licenses, beside the driver's.
@Suite struct OfficerAppLife {
    @Test(.timeLimit(.minutes(1)))
    func theDriversAndTheOfficersAppStandOnOneKeyStoreAndNeitherMovesTheOthersNumber() async throws {
        let authority = try await Authority.start()
        let phone = try AppPhone(authority, keys: DelegatingKeyStore.withHardware())
        let driver = AppShell(try phone.start())
        try await driver.enroll(try await authority.register())
        await driver.app.end()
        let before = try #require(await phone.keys.readAnchor())

        let officer = try OfficerApp.start(
            at: phone.directory,
            trusting: [
                TrustedAuthority(rootKey: authority.rootKey, address: authority.url.absoluteString, bundles: [])
            ],
            keyStore: phone.keys,
            keepsNumbers: true,
            name: "Patrol 7"
        )
        officer.send(.seen)
        for await update in officer.updates {
            if case .start(let screen) = update.screen, screen.mayCheck { break }
        }
        #expect(try await phone.keys.readAnchor() == before)
        #expect(try await phone.keys.named("reader").readAnchor() != nil)

        let again = AppShell(try phone.start())
        _ = try await again.sees { if case .license(let screen) = $0 { screen } else { nil } }
        await again.app.end()
        await officer.end()
    }
}
