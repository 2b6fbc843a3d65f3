import Vidimus
import VidimusCore

/// What both apps are made of: an object of the library whose task owns the state, and its end.
/// Nothing here throws: once the app is over there is no news, and what is sent does nothing.
final class Running<Core: Sendable>: Sendable {
    private let lifetime: Lifetime<Core>

    init(_ core: Core) {
        lifetime = Lifetime(core)
    }

    /// What a call that waits gives; `nil` once the app is over, and where the task is cancelled.
    func waiting<Result: Sendable>(
        _ call: @Sendable (Core, VidimusCore.CancelToken) async throws -> Result?
    ) async -> Result? {
        do {
            return try await lifetime.call(call)
        } catch {
            return over(error)
        }
    }

    /// What a call that returns at once gives; `nil` once the app is over.
    @discardableResult
    func calling<Result>(_ call: (Core) throws -> Result?) -> Result? {
        do {
            return try lifetime.callNow(call)
        } catch {
            return over(error)
        }
    }

    /// Ends the app by a call that waits for its end.
    func end(_ call: (Core) async throws -> Void) async {
        guard let core = lifetime.close() else { return }
        try? await call(core)
    }

    /// Ends the app without waiting.
    func close() {
        lifetime.close()
    }

    /// A fault of the library ends the app, so that no one waits for news of it.
    private func over<Result>(_ error: Vidimus.WalletError) -> Result? {
        if error == .internal { close() }
        return nil
    }
}

/// What is on the screen of an app, one update after another.
public struct AppUpdates<Update: Sendable>: AsyncSequence, Sendable {
    /// One update of the screen.
    public typealias Element = Update
    /// It never fails: it ends.
    public typealias Failure = Never

    let number: @Sendable (Update) -> UInt64
    let next: @Sendable (_ after: UInt64) async -> Update?

    /// Begins with what is on the screen now.
    public func makeAsyncIterator() -> Iterator { Iterator(updates: self) }

    /// Waits for one update after another.
    public struct Iterator: AsyncIteratorProtocol {
        let updates: AppUpdates
        private var newest: UInt64 = 0

        init(updates: AppUpdates) {
            self.updates = updates
        }

        /// Waits for an update that is newer than the last one.
        public mutating func next() async -> Update? {
            let update = await updates.next(newest)
            if let update { newest = updates.number(update) }
            return update
        }
    }
}
