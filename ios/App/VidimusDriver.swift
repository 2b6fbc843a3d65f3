import SwiftUI
import VidimusDevice
import VidimusReader
import VidimusScreens
import VidimusShell

/// The driver's app on this phone, and a refresh while no one looks, with a notice of what is new.
@main struct VidimusDriver: App {
    @Environment(\.scenePhase) private var phase
    private let phone: ThisPhone
    private let shell: Shell
    private let refresh: BackgroundRefresh
    private let notices: NoticeCenter
    private let taps: NoticeTaps
    private let texts: Texts
    /// What checks licenses, as long as it is open.
    @State private var reader: Reader?

    init() {
        let texts = Texts(language: .preferred(in: Locale.preferredLanguages))
        let phone = ThisPhone(authority: .current, texts: texts)
        self.texts = texts
        self.phone = phone
        // The system also launches the app for a refresh, or ahead of time, with a scene in the
        // background and on a phone that is locked: the shell starts the core, which opens the
        // wallet, when the app is first seen or a link comes.
        let shell = Shell(phone: phone) { try phone.start(with: $0) }
        let notices = NoticeCenter(sentence: texts[.noticeNews])
        self.shell = shell
        self.notices = notices
        refresh = BackgroundRefresh {
            try await ThisPhone.openWallet()
        } telling: { wallet in
            await notices.tell(of: wallet)
        }
        refresh.register()
        // A tap may start the app: the system gives it to who is there when it has launched.
        taps = NoticeTaps { license in shell.bring(license: license) }
    }

    var body: some Scene {
        WindowGroup {
            DriverRoot(shell: shell, texts: texts, about: .current)
                .task { await askForNotices() }
                .onAppear { phone.check = { reader = phone.makeReader() } }
                .fullScreenCover(isPresented: isChecking) {
                    if let reader { OfficerRoot(reader: reader, texts: texts, close: { endChecking() }) }
                }
        }
        .onChange(of: phase) { _, phase in
            switch phase {
            case .active:
                phone.prepare()
                notices.clear()
            case .background: left()
            case .inactive: break
            }
        }
    }

    /// Once there is a license: before that there is nothing to be told.
    private func askForNotices() async {
        for await update in shell.updates {
            guard case .license = update.screen else { continue }
            return await notices.askOnce()
        }
    }

    private var isChecking: Binding<Bool> {
        Binding { @MainActor in
            reader != nil
        } set: { @MainActor isChecking in
            if !isChecking { endChecking() }
        }
    }

    private func endChecking() {
        let ending = reader
        reader = nil
        Task { await ending?.end() }
    }

    private func left() {
        refresh.schedule(after: shell.refreshDueIn)
        // The system may suspend the app from now on. The core begins what it must end, and keeps
        // its state, a moment later.
        let time = BackgroundTime(name: "left")
        Task {
            // The driver has seen what is new. What comes to an end later is planned anew, for a
            // phone whose refreshes the system puts off.
            await refresh.tellNow()
            try? await Task.sleep(for: .seconds(5))
            time.end()
        }
    }
}
