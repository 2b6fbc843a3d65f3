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
    private var work: Task<HeldLicense.ID?, Never>?

    init(_ details: OfferDetails, enroll: @escaping Enroll) {
        self.enroll = enroll
        state = OfferState(
            issuer: details.issuer,
            name: details.displayName,
            proven: details.standing == .authority,
            code: details.txCode.map { CodeField(numeric: $0.numeric, length: $0.length, hint: $0.description) }
        )
    }

    /// Changes the code.
    func type(_ text: String) {
        guard !state.issuing else { return }
        state.code?.type(text)
    }

    /// Has the license issued. It is under way when this returns, so that a second tap does nothing.
    ///
    /// - Returns: What gives its id, or `nil` where it was refused; `nil` at once where it may not be asked for now.
    func take() -> Task<HeldLicense.ID?, Never>? {
        guard state.mayTake else { return nil }
        state.refusal = nil
        state.issuing = true
        let work = Task { await enrollNow() }
        self.work = work
        return work
    }

    /// Stops what is under way. What the issuer gives once still comes; the same offer can be taken up again.
    func cancel() {
        work?.cancel()
    }

    private func enrollNow() async -> HeldLicense.ID? {
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
}
