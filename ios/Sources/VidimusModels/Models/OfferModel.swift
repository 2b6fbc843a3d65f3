import Foundation
import Vidimus

/// An offer, from its reading to the license.
@MainActor final class OfferModel {
    /// Takes up the offer with a code, and gives the license's id.
    typealias Enroll = @MainActor (String?) async throws(WalletError) -> HeldLicense.ID

    private(set) var state: OfferState {
        didSet { if state != oldValue { changed() } }
    }
    /// Called after each change of ``state``.
    var changed: @MainActor () -> Void = {}

    private let enroll: Enroll

    /// - Parameter authority: The address that the app was made for.
    init(_ details: OfferDetails, authority: String, enroll: @escaping Enroll) {
        self.enroll = enroll
        state = OfferState(
            issuer: details.issuer,
            name: details.displayName,
            proven: Self.isSame(details.issuer, authority),
            code: details.txCode.map { CodeField(numeric: $0.numeric, length: $0.length, hint: $0.description) }
        )
    }

    /// Changes the code.
    func type(_ text: String) {
        guard !state.issuing else { return }
        state.code?.type(text)
    }

    /// Has the license issued.
    ///
    /// - Returns: Its id; `nil` where it was refused, or may not be asked for now.
    func take() async -> HeldLicense.ID? {
        guard state.mayTake else { return nil }
        state.refusal = nil
        state.issuing = true
        do {
            return try await enroll(state.code?.text)
        } catch {
            refuse(Refusal(error))
            return nil
        }
    }

    private func refuse(_ refusal: Refusal) {
        var refused = state
        refused.issuing = false
        refused.refusal = refusal
        // Nobody finds the wrong one of eight digits: all of them are typed again.
        if [.codeMissing, .codeMalformed, .codeRefused].contains(refusal) { refused.code?.type("") }
        state = refused
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        withoutSlash(one) == withoutSlash(other)
    }

    private static func withoutSlash(_ address: String) -> Substring {
        address.hasSuffix("/") ? address.dropLast() : Substring(address)
    }
}
