import SwiftUI
import VidimusDevice
import VidimusScreens
import VidimusShell

/// The driver's app on this phone, and a refresh while no one looks.
@main struct VidimusDriver: App {
    @Environment(\.scenePhase) private var phase
    private let phone: ThisPhone
    private let shell: Shell
    private let refresh: BackgroundRefresh
    private let texts: Texts

    init() {
        let texts = Texts(language: .preferred(in: Locale.preferredLanguages))
        let phone = ThisPhone(authority: .current, texts: texts)
        self.texts = texts
        self.phone = phone
        // The system also launches the app for a refresh, or ahead of time, with a scene in the
        // background and on a phone that is locked: the shell starts the core, which opens the
        // wallet, when the app is first seen or a link comes.
        shell = Shell(phone: phone) { try phone.start(with: $0) }
        refresh = BackgroundRefresh { try await ThisPhone.openWallet() }
        refresh.register()
    }

    var body: some Scene {
        WindowGroup {
            DriverRoot(shell: shell, texts: texts, about: .current)
        }
        .onChange(of: phase) { _, phase in
            switch phase {
            case .active: phone.prepare()
            case .background: left()
            case .inactive: break
            }
        }
    }

    private func left() {
        refresh.schedule(after: shell.refreshDueIn)
        // The system may suspend the app from now on. The core begins what it must end, and keeps
        // its state, a moment later.
        let time = BackgroundTime(name: "left")
        Task {
            try? await Task.sleep(for: .seconds(5))
            time.end()
        }
    }
}
