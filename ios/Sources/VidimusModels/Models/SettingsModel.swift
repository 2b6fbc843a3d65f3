import Vidimus

/// Settings: removing a license is asked about first, and then the phone's lock is asked.
@MainActor final class SettingsModel {
    private(set) var state: SettingsState {
        didSet { if state != oldValue { changed() } }
    }
    /// Called after each change of ``state``.
    var changed: @MainActor () -> Void = {}

    private let wallet: any WalletCalls
    private var isRemoving = false

    init(wallet: any WalletCalls, licenses: [LicenseCard], authority: String, version: String, notices: [Notice]) {
        self.wallet = wallet
        state = SettingsState(licenses: licenses, authority: authority, version: version, notices: notices)
    }

    /// Asks about one of the licenses.
    func ask(toRemove license: HeldLicense.ID) {
        guard !isRemoving, state.licenses.contains(where: { $0.id == license }) else { return }
        state.removing = license
    }

    /// Does not remove it.
    func keep() {
        guard !isRemoving else { return }
        state.removing = nil
    }

    /// Removes the one that was asked about, after the phone's lock. Where that does not open the question stays.
    ///
    /// - Parameter unlock: Asks the lock. A phone that has none removes without.
    /// - Returns: Whether one was removed.
    func remove(after unlock: @MainActor () async -> LockOutcome) async throws(WalletError) -> Bool {
        guard !isRemoving, let license = state.removing else { return false }
        isRemoving = true
        defer { isRemoving = false }
        let outcome = await unlock()
        // The license may have gone while the lock was asked.
        guard outcome == .opened || outcome == .noLock, state.removing == license else { return false }
        defer { state.removing = nil }
        do {
            try await wallet.remove(license)
        } catch .noSuchLicense {
            // Somebody was faster: it is gone, as was wished.
        }
        state.licenses.removeAll { $0.id == license }
        return true
    }

    /// Shows the licenses as they are now.
    func update(_ licenses: [LicenseCard]) {
        state.licenses = licenses
        if !licenses.contains(where: { $0.id == state.removing }) { state.removing = nil }
    }
}
