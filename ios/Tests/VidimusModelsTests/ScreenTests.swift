import Testing
import Vidimus
import VidimusModels

/// What the system may keep a picture of.
@Suite struct ScreenTests {
    @Test func aScreenIsPersonalOnceAnOfferIsTypedOrTheCameraLooks() {
        let standing = Standing(license: .sample(.valid), asOf: nil, age: nil)
        let license = LicenseCard(id: "one", holder: nil, standing: standing, portrait: nil, damaged: false)
        let personal: [Screen] = [
            .welcome(WelcomeState(text: "openid-credential-offer://")), .scan(ScanState(purpose: .offer)),
            .scan(ScanState(purpose: .challenge)), .license(LicenseState(cards: [license], selected: 0)),
            .show(.unlocking), .answer(AnswerState()), .history(HistoryState(rows: [], intact: true)),
            .settings(SettingsState(licenses: [], authority: "", version: "", notices: [])),
            .offer(OfferState(issuer: "", name: nil, proven: true, code: nil)),
        ]
        #expect(personal.filter(\.isPersonal) == personal)
        let others: [Screen] = [.opening, .welcome(WelcomeState()), .blocked(BlockedState(trouble: .damaged))]
        #expect(others.filter(\.isPersonal) == [])
    }
}
