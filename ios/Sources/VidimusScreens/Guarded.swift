#if canImport(UIKit)
import SwiftUI
import UIKit
import VidimusDevice
import VidimusShell

/// What is shown to an officer and to no one else: bright, kept on, and covered while the screen is
/// recorded or mirrored and in the app switcher.
package struct Guarded: ViewModifier {
    @Environment(\.scenePhase) private var phase
    @Environment(\.texts) private var texts
    /// Whether this scene is recorded, mirrored or sent to another screen.
    @Environment(\.isSceneCaptured) private var isCaptured
    @State private var screen: UIScreen?

    package init() {}

    package func body(content: Content) -> some View {
        ZStack {
            // It goes on behind the cover; nothing of it is drawn.
            if isCovered { cover } else { content }
        }
        .background { ScreenReader { screen = $0 } }
        .task(id: Watch(screen: screen, phase: phase)) { await watch() }
    }

    private var isCovered: Bool { isCaptured || phase != .active }

    private var cover: some View {
        VStack(spacing: Space.large) {
            Emblem(symbol: "eye.slash")
            // The showing goes on: anyone who has it recorded without knowing is to know. In the
            // app switcher nothing is said.
            if isCaptured, phase == .active { NoticeView(.caution, texts[.showCaptured]) }
        }
        .frame(maxWidth: .infinity, maxHeight: .infinity)
        .padding(Space.large)
    }

    /// As long as it is seen; brightness is the whole phone's, and comes back however this ends.
    private func watch() async {
        guard let screen, phase == .active else { return }
        let guardian = ScreenGuard(screen: screen)
        guardian.begin()
        defer { guardian.end() }
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
    }

    /// What the watching begins anew with.
    private struct Watch: Equatable {
        let screen: UIScreen?
        let phase: ScenePhase
    }
}

/// Tells on which screen a view is.
private struct ScreenReader: UIViewRepresentable {
    let found: @MainActor (UIScreen?) -> Void

    func makeUIView(context: Context) -> Probe { Probe(found: found) }

    func updateUIView(_ uiView: Probe, context: Context) {}

    final class Probe: UIView {
        private let found: @MainActor (UIScreen?) -> Void

        init(found: @escaping @MainActor (UIScreen?) -> Void) {
            self.found = found
            super.init(frame: .zero)
            isAccessibilityElement = false
        }

        required init?(coder: NSCoder) { nil }

        override func didMoveToWindow() {
            super.didMoveToWindow()
            let screen = window?.windowScene?.screen
            // Not while the views are being laid out.
            Task { @MainActor in found(screen) }
        }
    }
}
#endif
