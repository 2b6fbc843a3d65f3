#if canImport(UIKit)
import SwiftUI
import UIKit
import VidimusApp
import VidimusScreens
import VidimusShell

/// The app that checks licenses on the screen: it shows what the shell hands on, and tells it what
/// happens to the app.
public struct OfficerRoot: View {
    @Environment(\.scenePhase) private var phase
    @Environment(\.colorScheme) private var colorScheme
    @State private var update: OfficerUpdate
    @State private var open: ReaderPhone.Open
    private let reader: Reader
    private let texts: Texts
    private let close: (@MainActor () -> Void)?

    /// - Parameter close: Leads back to the app that has opened this one; `nil` where it is an app
    ///   by itself.
    public init(reader: Reader, texts: Texts, close: (@MainActor () -> Void)? = nil) {
        self.reader = reader
        self.texts = texts
        self.close = close
        _update = State(initialValue: reader.shell.update)
        _open = State(initialValue: reader.phone.open)
    }

    public var body: some View {
        OfficerView(screen: update.screen, officer: reader.shell, camera: open.camera, texts: texts, close: close)
            .accessibilityHidden(isCovered)
            .overlay { if isCovered { cover } }
            .task {
                for await update in reader.shell.updates { self.update = update }
            }
            .task {
                for await open in reader.phone.changes { self.open = open }
            }
            .onChange(of: phase, initial: true) { _, phase in
                switch phase {
                case .background: reader.shell.appLeft()
                case .active: reader.shell.appSeen()
                // The share sheet is in front, or the app switcher: the app is not left yet.
                case .inactive: break
                }
            }
            .sheet(isPresented: isSharing) {
                if let log = open.log { ShareSheet(file: log.file, closed: { reader.phone.closeShare() }) }
            }
    }

    private var isSharing: Binding<Bool> {
        Binding { @MainActor in
            open.log != nil
        } set: { @MainActor isSharing in
            if !isSharing { reader.phone.closeShare() }
        }
    }

    /// The system keeps a picture of the app for its switcher, which it takes when the scene is no
    /// longer active.
    private var isCovered: Bool { phase != .active && update.isPersonal }

    /// Over the screen and not in its place: what was typed and how far it was read stay.
    private var cover: some View {
        Emblem(symbol: "checkmark.shield")
            .frame(maxWidth: .infinity, maxHeight: .infinity)
            .background(Palette.of(colorScheme).background)
            .environment(\.palette, Palette.of(colorScheme))
    }
}

/// The system's own sheet, by which a file is handed over.
private struct ShareSheet: UIViewControllerRepresentable {
    let file: URL
    let closed: @MainActor () -> Void

    func makeUIViewController(context: Context) -> UIActivityViewController {
        let sheet = UIActivityViewController(activityItems: [file], applicationActivities: nil)
        let closed = closed
        sheet.completionWithItemsHandler = { _, _, _, _ in closed() }
        return sheet
    }

    func updateUIViewController(_ uiViewController: UIActivityViewController, context: Context) {}
}
#endif
