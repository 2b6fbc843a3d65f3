#if canImport(UIKit)
    import UIKit

    /// The phone's screen while a QR is shown: bright, kept on, and watched for recording and
    /// mirroring.
    ///
    /// iOS lets no app forbid a screenshot. One is told afterwards, and ages out with the QR in it.
    /// A recording or a mirror is told while it runs: cover the QR as long as ``isCaptured`` is
    /// true. The picture in the app switcher is taken when the app leaves the foreground: cover the
    /// QR whenever the scene is not active.
    @MainActor public final class ScreenGuard {
        /// What happens to the screen.
        public enum Event: Hashable, Sendable {
            /// Recording or mirroring has begun, or has ended.
            case captured(Bool)
            /// The driver has made a screenshot.
            case screenshot
        }

        private let screen: UIScreen
        private var before: (brightness: CGFloat, isKeptOn: Bool)?

        /// Takes the screen of the window that shows the QR.
        public init(screen: UIScreen) {
            self.screen = screen
        }

        /// Whether the screen is recorded or mirrored now.
        public var isCaptured: Bool { screen.isCaptured }

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

        /// What happens from now on, until the loop over it ends. First of all whether it is
        /// captured now.
        public var events: AsyncStream<Event> {
            let (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(4))
            let center = NotificationCenter.default
            continuation.yield(.captured(screen.isCaptured))
            let tokens = Tokens([
                center.addObserver(
                    forName: UIScreen.capturedDidChangeNotification, object: screen, queue: .main
                ) { [screen] _ in
                    // On the main queue, as it was asked to be.
                    MainActor.assumeIsolated { _ = continuation.yield(.captured(screen.isCaptured)) }
                },
                center.addObserver(
                    forName: UIApplication.userDidTakeScreenshotNotification, object: nil, queue: .main
                ) { _ in
                    continuation.yield(.screenshot)
                },
            ])
            continuation.onTermination = { _ in tokens.remove() }
            return stream
        }
    }

    /// What a notification center hands out, kept for its removal only: that may come from any
    /// thread.
    private struct Tokens: @unchecked Sendable {
        private let all: [any NSObjectProtocol]

        init(_ all: [any NSObjectProtocol]) {
            self.all = all
        }

        func remove() {
            for token in all { NotificationCenter.default.removeObserver(token) }
        }
    }
#endif
