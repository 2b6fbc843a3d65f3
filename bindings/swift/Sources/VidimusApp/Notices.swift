import Vidimus
import VidimusCore

extension Vidimus.Wallet {
    /// What to tell a driver who does not look at the app: call it after a refresh in the
    /// background. What it gives counts as told from then on, also for other processes, so tell it.
    /// While the driver looks at the app, ``DriverApp`` notes by itself what was seen.
    ///
    /// A notice says nothing of the driver: a phone shows it while it is locked. Its text is
    /// `notice.news` of the table of texts.
    ///
    /// - Parameter plans: Whether the system is asked to show what is planned at its time; without
    ///   it a later call tells it.
    /// - Throws: Where the wallet cannot be read or written.
    public func dueNotices(plans: Bool = false) async throws(Vidimus.WalletError) -> DueNotices {
        try await lifetime.call { core, _ in
            try await VidimusCore.dueNotices(wallet: core, plans: plans)
        }
    }
}
