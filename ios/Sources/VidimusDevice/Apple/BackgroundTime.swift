#if canImport(UIKit)
    import UIKit

    /// The system's promise not to suspend the app at once when it leaves the foreground: some 30
    /// s, or none.
    @MainActor public final class BackgroundTime {
        private var task = UIBackgroundTaskIdentifier.invalid

        /// Asks for it, from now on.
        ///
        /// - Parameter name: For who debugs the app; the driver does not see it.
        public init(name: String) {
            // The system ends an app that has not given back its time when that is up.
            task = UIApplication.shared.beginBackgroundTask(withName: name) { [weak self] in self?.end() }
        }

        /// Keeps it until the task of this call is cancelled, and gives the rest back then.
        public func untilCancelled() async {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
            end()
        }

        /// Gives the rest of it back. Repeating it changes nothing.
        public func end() {
            guard task != .invalid else { return }
            UIApplication.shared.endBackgroundTask(task)
            task = .invalid
        }
    }
#endif
