import Foundation
import Testing
import VidimusCore

@testable import VidimusModels

import enum Vidimus.WalletError

/// What each error means stands in one file, with which the Kotlin models are compared too.
@Suite struct MeaningsTests {
    private static let errors: [(String, Vidimus.WalletError)] = [
        ("vault.already_exists", .vault(.alreadyExists)), ("vault.not_found", .vault(.notFound)),
        ("vault.had_before", .vault(.hadBefore)),
        ("vault.newer_version", .vault(.newerVersion)), ("vault.damaged", .vault(.damaged)),
        ("vault.other_device", .vault(.otherDevice)), ("vault.key_invalidated", .vault(.keyInvalidated)),
        ("storage.full", .storage(.full)), ("storage.read_only", .storage(.readOnly)),
        ("storage.busy", .storage(.busy)), ("storage.failed", .storage(.failed)),
        ("key_store.unavailable", .keyStore(.unavailable)), ("key_store.locked", .keyStore(.locked)),
        ("key_store.not_found", .keyStore(.notFound)), ("key_store.refused", .keyStore(.refused)),
        ("key_store.failed", .keyStore(.failed)), ("key_store.timeout", .keyStore(.timeout)),
        ("offer.malformed", .offer(.malformed)), ("offer.unsupported", .offer(.unsupported)),
        ("offer.gone", .offer(.gone)), ("offer.issuer_unknown", .offer(.issuerUnknown)),
        ("offer.tx_code_required", .offer(.txCodeRequired)),
        ("offer.tx_code_malformed", .offer(.txCodeMalformed)), ("offer.refused", .offer(.refused)),
        ("issuer.metadata", .issuer(.metadata)), ("issuer.denied", .issuer(.denied)),
        ("issuer.refused", .issuer(.refused)), ("issuer.deferred", .issuer(.deferred)),
        ("issuer.other_key", .issuer(.otherKey)), ("issuer.not_in_force", .issuer(.notInForce)),
        ("issuer.trust_list_missing", .issuer(.trustListMissing)), ("issuer.not_renewable", .issuer(.notRenewable)),
        ("issuer.status_unusable", .issuer(.statusUnusable)), ("issuer.answer_malformed", .issuer(.answerMalformed)),
        ("network.address_not_allowed", .network(.addressNotAllowed)), ("network.unreachable", .network(.unreachable)),
        ("network.certificate", .network(.certificate)), ("network.timeout", .network(.timeout)),
        ("network.too_large", .network(.tooLarge)), ("network.broken", .network(.broken)),
        ("network.captive_portal", .network(.captivePortal)), ("challenge.malformed", .challenge(.malformed)),
        ("challenge.recorded", .challenge(.recorded)), ("challenge.over", .challenge(.over)),
        ("server", .server(status: 503)), ("busy", .busy(status: 503, again: Date(timeIntervalSince1970: 3))),
        ("server_time_wrong", .serverTimeWrong(server: Date(timeIntervalSince1970: 2), device: .distantPast)),
        ("no_such_license", .noSuchLicense), ("presentation_ended", .presentationEnded), ("untrusted", .untrusted),
        ("invalid_argument", .invalidArgument), ("cancelled", .cancelled), ("closed", .closed), ("internal", .internal),
    ]

    @Test func everyErrorMeansTheSameOnBothSystems() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../phones/meanings.tsv").standardizedFileURL
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map(String.init)
        let ours = Self.errors.map { name, error in
            [
                name, Refusal(error).code, trouble(of: error, hasLock: true).code,
                trouble(of: error, hasLock: false).code, refreshTrouble(of: error, hasLock: true)?.code ?? "-",
            ].joined(separator: "\t")
        }
        #expect(lines == ours)
    }
}
