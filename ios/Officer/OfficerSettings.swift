import Foundation
import UIKit
import VidimusApp
import VidimusReader

/// What belongs to one authority's app, and to no other: it is in the bundle, not in the code.
///
/// `root.cose` is the authority's public key, as `vidimus authority init` writes it. The name and the
/// addresses are in Info.plist. Those that are kept here are for development: `ios/README.md` says
/// how to set one's own.
@MainActor enum OfficerSettings {
    /// The reader of an officer, who must account for each check.
    static var setup: Reader.Setup {
        guard let url = address("VidimusAuthority"),
            let file = Bundle.main.url(forResource: "root", withExtension: "cose"),
            let rootKey = try? Data(contentsOf: file),
            let name = Bundle.main.object(forInfoDictionaryKey: "VidimusReaderName") as? String
        else {
            preconditionFailure("The bundle lacks root.cose, or Info.plist lacks a name: OfficerSettings.swift")
        }
        return Reader.Setup(
            rootKey: rootKey, url: url, service: "org.vidimus.officer", name: name, isOfficer: true)
    }

    /// iOS opens an app's own settings and no others: from there it is one step to those of the
    /// phone.
    static func leave(to place: Place) {
        let url: URL? =
            switch place {
            case .store: address("VidimusStorePage")
            case .authority: address("VidimusAuthorityPage")
            case .clock, .lock, .storage, .app, .language, .notifications:
                URL(string: UIApplication.openSettingsURLString)
            // This is it.
            case .check: nil
            }
        if let url { UIApplication.shared.open(url) }
    }

    private static func address(_ key: String) -> URL? {
        (Bundle.main.object(forInfoDictionaryKey: key) as? String).flatMap { URL(string: $0) }
    }
}
