import Foundation
import VidimusCore

/// The app as the authority knows it.
public typealias SignInClient = VidimusCore.SignInClient

/// What a sign-in brought.
public typealias Applied = VidimusCore.Applied

/// An application for a license that is not in the wallet yet. It may hold a clerk's words.
public typealias Application = VidimusCore.Application

/// How far an application has come.
public typealias ApplicationState = VidimusCore.ApplicationState

/// Why the authority refused an application.
public typealias ReviewReason = VidimusCore.ReviewReason

extension Application: Identifiable {}

extension Wallet {
    /// Begins to apply for a license by signing in at the wallet's authority.
    ///
    /// Open the address at once with `ASWebAuthenticationSession`, never in a web view, and give
    /// ``resume(_:)`` the address that the browser comes back with. The process may be killed
    /// meanwhile.
    ///
    /// - Returns: The address to open, which is good once: do not store or log it.
    /// - Throws: `SignInProblem.unsupported`, `SignInProblem.applicationWaits`, and the problems of
    ///   the issuer and the network.
    public func applyBySigningIn(as client: SignInClient) async throws(WalletError) -> URL {
        let begun = try await lifetime.call { core, cancel in try await core.apply(client: client, cancel: cancel) }
        guard let url = URL(string: begun.url) else { throw .internal }
        return url
    }

    /// Takes the whole address that the browser came back with, and fetches the license.
    ///
    /// Where the network fails, the next refresh goes on, and so does this with the same address.
    ///
    /// - Throws: `SignInProblem.over`, `SignInProblem.other` for the answer of another sign-in, which
    ///   changes nothing, `SignInProblem.declined`, and the problems of taking up an offer.
    public func resume(_ redirect: URL) async throws(WalletError) -> Applied {
        try await posting { () async throws(WalletError) in
            try await lifetime.call { core, cancel in
                try await core.resume(redirect: redirect.absoluteString, cancel: cancel)
            }
        }
    }

    /// Forgets the sign-in that is under way, where there is one.
    public func abandonSignIn() async throws(WalletError) {
        try await lifetime.call { core, _ in try await core.abandonSignIn() }
    }

    /// The applications for licenses that are not in the wallet yet.
    public func applications() throws(WalletError) -> [Application] {
        try lifetime.callNow { core in try core.applications() }
    }

    /// Removes an application with its key and its tokens: one that was refused, or one that the
    /// driver gives up. The authority is not told, and may have issued its license already.
    public func dismiss(_ application: Application.ID) async throws(WalletError) {
        try await lifetime.call { core, _ in try await core.dismiss(application: application) }
    }
}
