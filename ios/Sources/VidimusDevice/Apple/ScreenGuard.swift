#if canImport(UIKit)
    import UIKit

    /// The phone's screen while a QR is shown: bright, and kept on.
    ///
    /// iOS lets no app forbid a screenshot; one ages out with the QR in it. A recording or a mirror
    /// is told by SwiftUI's `isSceneCaptured`: cover the QR as long as it is true. The picture in
    /// the app switcher is taken when the app leaves the foreground: cover the QR whenever the
    /// scene is not active.
    @MainActor public final class ScreenGuard {
        private let screen: UIScreen
        private var before: (brightness: CGFloat, isKeptOn: Bool)?

        /// Takes the screen of the window that shows the QR.
        public init(screen: UIScreen) {
            self.screen = screen
        }

        /// Full brightness, and no sleep. Repeating it changes nothing.
        public func begin() {
            guard before == nil else { return }
            before = (screen.brightness, UIApplication.shared.isIdleTimerDisabled)
            screen.brightness = 1
            UIApplication.shared.isIdleTimerDisabled = true
        }

        /// As it was before ``begin()``. Call it also when the app leaves the foreground:
        /// brightness is the whole phone's.
        public func end() {
            guard let before else { return }
            self.before = nil
            screen.brightness = before.brightness
            UIApplication.shared.isIdleTimerDisabled = before.isKeptOn
        }
    }
#endif
