import SwiftUI
import UIKit
import Vidimus
import VidimusDevice
import VidimusModels
import VidimusScreens

/// The driver's app: a model on this phone, and a refresh while nobody looks.
@main struct VidimusApp: App {
    @Environment(\.scenePhase) private var phase
    private let model: DriverModel
    private let refresh: BackgroundRefresh
    private let texts: Texts

    init() {
        let texts = Texts(language: .preferred(in: Locale.preferredLanguages))
        let phone = ThisPhone(authority: .current, notices: .current) { $0.text(in: texts) }
        let model = DriverModel(phone: phone)
        self.texts = texts
        self.model = model
        // The wallet that is open, or one that is opened for this and closed with it.
        refresh = BackgroundRefresh {
            if let wallet = await model.wallet { return wallet }
            return try await phone.openWallet()
        }
        refresh.register()
    }

    var body: some Scene {
        WindowGroup {
            DriverRoot(model: model, texts: texts) { leave(for: $0) }
        }
        .onChange(of: phase) { _, phase in
            if phase == .background { refresh.schedule(after: model.nextRefresh) }
        }
    }

    /// What leaves the app. iOS opens an app's own settings and no others: from there it is one step to those of the phone.
    private func leave(for action: TroubleAction) {
        let address =
            switch action {
            case .updateApp: AppSettings.storePage
            case .askAuthority: AppSettings.authorityPage
            case .retry, .refresh, .setClock, .setLock, .freeStorage, .beginAnew, .unlock:
                URL(string: UIApplication.openSettingsURLString)
            }
        if let address { UIApplication.shared.open(address) }
    }
}
