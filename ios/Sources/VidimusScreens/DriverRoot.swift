import SwiftUI
import VidimusModels

/// A driver's model on the screen: it shows what the model says, and tells it what happens to the app.
public struct DriverRoot: View {
    @Environment(\.scenePhase) private var phase
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
}
