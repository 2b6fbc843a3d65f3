import Vidimus

/// What happened.
@MainActor final class HistoryModel {
    private let wallet: any WalletCalls

    /// How much of it a driver looks at.
    private static let limit = 100

    init(wallet: any WalletCalls) {
        self.wallet = wallet
    }

    /// The newest of it.
    func load() async throws(WalletError) -> HistoryState {
        let activity = try await wallet.activity(limit: Self.limit)
        return HistoryState(
            rows: activity.entries.prefix(Self.limit).map { HistoryRow(at: $0.at, event: HistoryEvent($0.event)) },
            intact: activity.intact
        )
    }
}

extension HistoryEvent {
    init(_ event: ActivityEvent) {
        self =
            switch event {
            case .shown(let audience, let portrait, let status):
                .shown(audience: Asker(audience), portrait: portrait, standing: status.standing)
            case .enrolled: .enrolled
            case .renewed: .renewed
            case .statusChanged(let from, let to): .statusChanged(from: from, to: to)
            case .removed: .removed
            }
    }
}

extension Asker {
    /// `nil` for whoever saw the screen.
    init?(_ audience: Audience) {
        guard case .reader(let name, let proven) = audience else { return nil }
        self.init(reader: name, proven: proven)
    }
}
