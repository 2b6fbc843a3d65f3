import Foundation
import Vidimus

/// A question of an officer, from its reading to the answer.
@MainActor final class AnswerModel {
    /// A question that was read.
    struct Question: Sendable {
        /// Who asks.
        let asker: Asker
        /// Starts to answer it.
        let start: ShowModel.Start
    }

    /// Reads the text of a question.
    typealias Read = @MainActor (String) async throws(WalletError) -> Question

    private(set) var state = AnswerState() {
        didSet { if state != oldValue { changed() } }
    }
    /// The question, once it was read.
    private(set) var question: Question?
    /// Called after each change of ``state``.
    var changed: @MainActor () -> Void = {}

    private let ask: Read
    /// Raised by whatever makes an answer that is still to come one too late.
    private var turn = 0

    /// How many digits an officer reads out.
    private static let digits = 8

    init(read: @escaping Read) {
        ask = read
    }

    /// Changes the digits.
    func type(_ text: String) {
        let digits = String(text.asciiDigits.prefix(Self.digits))
        guard digits != state.text else { return }
        forget(text: digits)
    }

    /// Reads the digits that were typed.
    func read() async throws(WalletError) {
        try await read(state.text)
    }

    /// Reads what the camera saw, or the digits.
    ///
    /// - Throws: What is no fault of the question.
    func read(_ text: String) async throws(WalletError) {
        forget(text: state.text)
        let turn = turn
        do {
            let question = try await ask(text.trimmingCharacters(in: .whitespacesAndNewlines))
            guard turn == self.turn else { return }
            self.question = question
            state.asker = question.asker
        } catch .challenge(.recorded) where turn == self.turn {
            state.problem = .recorded
        } catch .challenge(.malformed) where turn == self.turn {
            state.problem = .malformed
        } catch .invalidArgument where turn == self.turn {
            state.problem = .malformed
        } catch {
            guard turn == self.turn else { return }
            throw error
        }
    }

    private func forget(text: String) {
        turn += 1
        question = nil
        state = AnswerState(text: text)
    }
}
