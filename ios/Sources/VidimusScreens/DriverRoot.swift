#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// A driver's model on the screen: it shows what the model says, and tells it what happens to the app.
public struct DriverRoot: View {
    @Environment(\.scenePhase) private var phase
    @Environment(\.colorScheme) private var colorScheme
    @State private var screen = Screen.opening
    private let model: DriverModel
    private let texts: Texts
    private let leave: @MainActor (TroubleAction) -> Void

    /// - Parameter leave: Does what leaves the app, such as opening the system's settings.
    public init(model: DriverModel, texts: Texts, leave: @escaping @MainActor (TroubleAction) -> Void) {
        self.model = model
        self.texts = texts
        self.leave = leave
    }

    public var body: some View {
        DriverView(screen: screen, actions: model, texts: texts)
            .accessibilityHidden(isCovered)
            .overlay { if isCovered { cover } }
            .task {
                for await screen in model.screens { self.screen = screen }
            }
            .task {
                for await action in model.leave { leave(action) }
            }
            .onChange(of: phase, initial: true) { _, phase in
                switch phase {
                case .background: model.left()
                case .active:
                    model.start()
                    Task { await model.foreground() }
                case .inactive: break
                }
            }
            // An offer's link. It may come before the wallet is open.
            .onOpenURL { link in model.scanned(link.absoluteString) }
    }

    /// The system keeps a picture of the app for its switcher, which it takes when the scene is no longer active.
    private var isCovered: Bool {
        guard phase != .active, screen.isPersonal else { return false }
        // A code that is shown has a cover of its own, and the phone's lock is asked over what is not yet shown.
        if case .show = screen { return false }
        return true
    }

    /// Over the screen and not in its place: what was typed and how far it was read stay.
    private var cover: some View {
        Emblem()
            .frame(maxWidth: .infinity, maxHeight: .infinity)
            .background(Palette.of(colorScheme).background)
            .environment(\.palette, Palette.of(colorScheme))
    }
}
#endif
