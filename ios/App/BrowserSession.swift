import AuthenticationServices
import UIKit
import VidimusShell

/// The system's browser over the app, for a sign-in: it is Safari's own, with Safari's cookies, and
/// the app sees nothing of the page.
@MainActor final class BrowserSession: NSObject, ASWebAuthenticationPresentationContextProviding {
    private var session: ASWebAuthenticationSession?

    /// Opens an address, and waits until the browser is led to the other one or is closed.
    func open(_ address: URL, until redirect: URL) async -> Browsed {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let session = Self.session(address, until: redirect) { browsed in
                    continuation.resume(returning: browsed)
                }
                session.presentationContextProvider = self
                self.session = session
                // Where it does not start its handler is called all the same, with the reason.
                session.start()
            }
        } onCancel: {
            Task { @MainActor in session?.cancel() }
        }
    }

    private static func session(
        _ address: URL, until redirect: URL, ended: @escaping @Sendable (Browsed) -> Void
    ) -> ASWebAuthenticationSession {
        let handler: ASWebAuthenticationSession.CompletionHandler = { back, error in
            if let back { return ended(.cameBack(to: back.absoluteString)) }
            let code = (error as? ASWebAuthenticationSessionError)?.code
            ended(code == .canceledLogin ? .left : .missing)
        }
        let scheme = redirect.scheme == "https" ? nil : redirect.scheme
        if #available(iOS 17.4, *), scheme == nil, let host = redirect.host() {
            return ASWebAuthenticationSession(
                url: address, callback: .https(host: host, path: redirect.path()), completionHandler: handler)
        }
        // Before iOS 17.4 a link of the authority's host comes back as each other link does.
        return ASWebAuthenticationSession(url: address, callbackURLScheme: scheme, completionHandler: handler)
    }

    func presentationAnchor(for session: ASWebAuthenticationSession) -> ASPresentationAnchor {
        let scenes = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }
        return scenes.compactMap(\.keyWindow).first ?? ASPresentationAnchor()
    }
}
