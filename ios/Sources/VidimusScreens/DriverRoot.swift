#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// A driver's app on the screen: it shows what the shell hands on, and tells it what happens to the
/// app.
public struct DriverRoot: View {
    @Environment(\.scenePhase) private var phase
    @Environment(\.colorScheme) private var colorScheme
    @State private var update: Update
    private let shell: Shell
    private let texts: Texts
    private let about: About

    /// The app of a shell, in the language of `texts`.
    public init(shell: Shell, texts: Texts, about: About) {
        self.shell = shell
        self.texts = texts
        self.about = about
        _update = State(initialValue: shell.update)
    }

    public var body: some View {
        DriverView(screen: update.screen, driver: shell, texts: texts, about: about)
            .accessibilityHidden(isCovered)
            .overlay { if isCovered { cover } }
            .task {
                for await update in shell.updates { self.update = update }
            }
            .onChange(of: phase, initial: true) { _, phase in
                switch phase {
                case .background: shell.appLeft()
                case .active: shell.appSeen()
                // The dialog of the phone's own lock is in front, or the app switcher: the app is
                // not left yet.
                case .inactive: break
                }
            }
            // An offer's link: of the private scheme, or of the authority's host (a Universal Link,
            // which SwiftUI gives to this, and to no user activity). It may come before the app was
            // seen.
            .onOpenURL { link in shell.link(link.absoluteString) }
    }

    /// The system keeps a picture of the app for its switcher, which it takes when the scene is no
    /// longer active.
    private var isCovered: Bool {
        guard phase != .active, update.isPersonal else { return false }
        // A code that is shown has its own cover, and the phone's lock is asked over what is not
        // yet shown.
        if case .show = update.screen { return false }
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
