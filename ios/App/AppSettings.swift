import Foundation
import VidimusScreens
import VidimusShell

/// What belongs to one authority's app, and to no other: it is in the bundle, not in the code.
///
/// `root.cose` is the authority's public key, as `vidimus authority init` writes it. The addresses
/// stand in Info.plist. Those that are kept here are for development: `ios/README.md` says how to
/// set one's own.
enum AppSettings {
    /// The page of this app in the store.
    static var storePage: URL? { address("VidimusStorePage") }

    /// Where a driver asks the authority.
    static var authorityPage: URL? { address("VidimusAuthorityPage") }

    /// Where the authority sends the browser back to after a sign-in.
    static var signInRedirect: URL? { address("VidimusSignInRedirect") }

    fileprivate static func address(_ key: String) -> URL? {
        (Bundle.main.object(forInfoDictionaryKey: key) as? String).flatMap { URL(string: $0) }
    }
}

extension ThisPhone.Authority {
    /// The one that this app was made for.
    static var current: ThisPhone.Authority {
        guard let url = AppSettings.address("VidimusAuthority"),
            let file = Bundle.main.url(forResource: "root", withExtension: "cose"),
            let rootKey = try? Data(contentsOf: file)
        else {
            preconditionFailure(
                "The bundle lacks root.cose, or Info.plist lacks VidimusAuthority: App/AppSettings.swift")
        }
        return ThisPhone.Authority(rootKey: rootKey, url: url)
    }
}

extension About {
    /// This version of the app, and the libraries inside.
    static var current: About {
        let version = Bundle.main.object(forInfoDictionaryKey: "CFBundleShortVersionString") as? String
        return About(version: version ?? "", notices: .shipped)
    }
}
