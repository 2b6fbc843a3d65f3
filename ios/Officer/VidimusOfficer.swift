import SwiftUI
import VidimusApp
import VidimusDevice
import VidimusReader
import VidimusShell

/// The officer's app: it checks licenses, with the face, without a network. It has no wallet.
@main struct VidimusOfficer: App {
    private let reader: Reader
    private let texts: Texts

    init() {
        texts = Texts(language: .preferred(in: Locale.preferredLanguages))
        reader = Reader(OfficerSettings.setup) { OfficerSettings.leave(to: $0) }
    }

    var body: some Scene {
        WindowGroup {
            OfficerRoot(reader: reader, texts: texts)
        }
    }
}
