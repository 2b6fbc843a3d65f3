#if canImport(UIKit)
import SwiftUI
import VidimusShell

/// The system's navigation stack over what an app shows: its bar, its way back and its swipe.
///
/// The app decides. A swipe takes the page away, as it must be under a finger, and the app is told
/// that the driver goes back; where it stays, such as while a license is being issued, its page
/// comes back.
package struct Stack<Shown: Equatable, Page: View>: View {
    @Binding private var trail: Trail<Shown>
    /// How often a swipe was told.
    @State private var swipes = 0
    private let shown: Shown
    private let stop: Stop
    private let page: (Shown) -> Page
    private let back: @MainActor () -> Void

    package init(
        trail: Binding<Trail<Shown>>,
        shown: Shown,
        stop: Stop,
        @ViewBuilder page: @escaping (Shown) -> Page,
        back: @escaping @MainActor () -> Void
    ) {
        _trail = trail
        self.shown = shown
        self.stop = stop
        self.page = page
        self.back = back
    }

    package var body: some View {
        NavigationStack(path: path) {
            page(trail.root)
                .navigationDestination(for: Stop.self) { stop in
                    if let shown = trail[stop] { page(shown) }
                }
        }
        .onChange(of: shown) { _, shown in trail.follow(shown, at: stop) }
        // Anyone who hears the screen begins at its top when it is another first one. The system
        // says so itself of a page that comes or goes.
        .onChange(of: trail.bottom) { _, _ in AccessibilityNotification.ScreenChanged().post() }
        .task(id: Moved(path: trail.path, swipes: swipes)) { await settle() }
    }

    private var path: Binding<[Stop]> {
        Binding { @MainActor in
            trail.path
        } set: { @MainActor path in
            guard trail.leave(for: path) else { return }
            swipes += 1
            back()
        }
    }

    /// Where the app had no other screen to show, nothing comes of a swipe and its page comes back.
    /// The app's answer takes milliseconds, and a page slides away in a third of a second.
    private func settle() async {
        guard (try? await Task.sleep(for: .milliseconds(500))) != nil else { return }
        trail.follow(shown, at: stop)
        trail.forget()
    }

    /// What moves pages.
    private struct Moved: Equatable {
        let path: [Stop]
        let swipes: Int
    }
}
#endif
