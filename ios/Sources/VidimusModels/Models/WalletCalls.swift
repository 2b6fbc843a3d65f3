import Foundation
import Vidimus

/// What the models call of a wallet, so that each can be tested without one.
protocol WalletCalls: Sendable {
    func licenses() async throws(WalletError) -> [HeldLicense]
    func portrait(of license: HeldLicense.ID) async throws(WalletError) -> Data?
    func remove(_ license: HeldLicense.ID) async throws(WalletError)
    func refresh(_ scope: RefreshScope, within budget: Duration) async throws(WalletError) -> RefreshReport
    func activity(limit: Int) async throws(WalletError) -> Activity
    func health() async throws(WalletError) -> Health
    func missesLicense() async throws(WalletError) -> Bool
    func time() async throws(WalletError) -> TimeEstimate
}

extension Wallet: WalletCalls {}

/// What the models call of a presentation.
protocol Showing: Sendable {
    func frame() async throws(WalletError) -> Frame
    var remaining: Duration { get async }
    func end() async throws(WalletError)
}

extension Presentation: Showing {}
