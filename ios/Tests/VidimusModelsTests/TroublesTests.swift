import Foundation
import Testing

@testable import Vidimus
@testable import VidimusModels

@Suite struct TroublesTests {
    private func signs(_ kinds: StandingKind...) -> Signs {
        Signs(standings: kinds.map(LicenseStanding.sample))
    }

    @Test(arguments: [
        (StandingKind.valid, []), (.revoked, [Trouble.revoked]), (.suspended, [.suspended]), (.lapsed, [.lapsed]),
        (.pointsLimit, [.pointsLimit]), (.unresolved, [.unresolved]), (.superseded, [.superseded]),
        (.updateWaiting, []), (.unknown, [.statusUnknown]), (.statusStale, [.statusOld]),
        (.licenseExpired, [.licenseExpired]), (.licenseNotYetValid, []), (.noCategory, []), (.credentialExpired, []),
    ])
    func everyStandingHasItsTrouble(kind: StandingKind, expected: [Trouble]) {
        #expect(troubles(of: signs(kind)) == expected)
        if let trouble = expected.first { #expect(trouble.tone == LicenseStanding.sample(kind).tone) }
    }

    @Test func theWorstComesFirstAndNoneIsToldTwice() {
        var signs = signs(.licenseExpired, .statusStale, .unresolved)
        signs.failed = [.noNetwork, .damaged, .storageFull]
        signs.damaged = true
        signs.clockSetBack = true
        signs.health = Health(rolledBack: true, damaged: [.row])
        #expect(
            troubles(of: signs) == [
                .damaged, .storageFull, .licenseExpired, .rolledBack, .clockSetBack, .statusOld, .unresolved,
                .noNetwork,
            ])
    }

    @Test(arguments: [
        (WalletError.vault(.keyInvalidated), Trouble.keyInvalidated, Trouble.passcodeRemoved),
        (.vault(.otherDevice), .otherDevice, .passcodeRemoved),
        (.keyStore(.notFound), .keyInvalidated, .passcodeRemoved),
        (.keyStore(.locked), .deviceLocked, .deviceLocked),
        (.keyStore(.timeout), .keyStore, .keyStore),
        (.vault(.damaged), .damaged, .damaged),
        (.vault(.newerVersion), .newerVersion, .newerVersion),
        (.vault(.notFound), .storageFailed, .storageFailed),
        (.storage(.full), .storageFull, .storageFull),
        (.storage(.readOnly), .storageFailed, .storageFailed),
        (.untrusted, .authorityUnknown, .authorityUnknown),
        (.network(.certificate), .authorityUnknown, .authorityUnknown),
        (.network(.captivePortal), .noNetwork, .noNetwork),
        (.server(status: 503), .noNetwork, .noNetwork),
        (.issuer(.statusUnusable), .authorityUnknown, .authorityUnknown),
        (.issuer(.denied), .internal, .internal),
        (.internal, .internal, .internal),
    ])
    func everyErrorHasItsTrouble(error: WalletError, withLock: Trouble, without: Trouble) {
        #expect(trouble(of: error, hasLock: true) == withLock)
        #expect(trouble(of: error, hasLock: false) == without)
    }

    @Test func whatARefreshDoesNextTimeIsNoTrouble() {
        #expect(refreshTrouble(of: .cancelled, hasLock: true) == nil)
        #expect(refreshTrouble(of: .issuer(.notRenewable), hasLock: true) == nil)
        #expect(refreshTrouble(of: .issuer(.trustListMissing), hasLock: true) == .authorityUnknown)
        #expect(refreshTrouble(of: .keyStore(.notFound), hasLock: false) == .passcodeRemoved)
    }

    @Test(arguments: [
        (WalletError.offer(.malformed), Refusal.offerMalformed), (.offer(.unsupported), .offerUnsupported),
        (.offer(.gone), .offerGone), (.offer(.txCodeRequired), .codeMissing),
        (.offer(.txCodeMalformed), .codeMalformed),
        (.offer(.refused), .codeRefused), (.issuer(.denied), .denied), (.issuer(.refused), .issuerRefused),
        (.issuer(.deferred), .deferred), (.issuer(.answerMalformed), .issuerBroken), (.issuer(.otherKey), .otherKey),
        (.issuer(.notInForce), .notInForce), (.issuer(.trustListMissing), .untrusted), (.untrusted, .untrusted),
        (.network(.unreachable), .noNetwork), (.network(.broken), .noNetwork), (.network(.tooLarge), .issuerBroken),
        (.network(.captivePortal), .captivePortal), (.network(.certificate), .certificate),
        (.network(.addressNotAllowed), .offerUnsupported), (.server(status: 500), .server),
        (.keyStore(.locked), .keyLocked), (.keyStore(.failed), .keyFailed), (.vault(.otherDevice), .keyFailed),
        (.vault(.damaged), .storageFailed), (.storage(.full), .storageFull), (.storage(.busy), .storageFailed),
        (.cancelled, .cancelled), (.invalidArgument, .offerMalformed), (.closed, .internal),
    ])
    func everyErrorOfAnOfferHasItsRefusal(error: WalletError, refusal: Refusal) {
        #expect(Refusal(error) == refusal)
    }
}
