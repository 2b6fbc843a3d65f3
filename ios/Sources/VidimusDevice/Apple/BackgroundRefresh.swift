#if canImport(UIKit)
    import BackgroundTasks
    import Foundation
    import Vidimus

    /// Keeps the licenses fresh while no one looks, as often as the system lets it.
    ///
    /// Call ``register()`` while the app launches, before it has finished; ``schedule(after:)``
    /// when it is left. The identifier is listed in Info.plist below
    /// `BGTaskSchedulerPermittedIdentifiers`, and `fetch` below `UIBackgroundModes`. The system
    /// decides when it begins; it needs no unlocked phone, only one that was unlocked once since
    /// its start.
    public struct BackgroundRefresh: Sendable {
        /// The name of the task.
        public let identifier: String
        private let wallet: @Sendable () async throws -> Wallet
        private let tell: @Sendable (Wallet) async -> Void

        /// Takes the name of the task, and how to open a wallet for it. It is closed with the task;
        /// another one of the same folder may be open meanwhile.
        ///
        /// - Parameter tell: Tells the driver what is new after a refresh, as the app's `NoticeCenter`
        ///   does.
        public init(
            identifier: String = RefreshSchedule.identifier, wallet: @escaping @Sendable () async throws -> Wallet,
            telling tell: @escaping @Sendable (Wallet) async -> Void = { _ in }
        ) {
            self.identifier = identifier
            self.wallet = wallet
            self.tell = tell
        }

        /// Tells the driver what is new, and plans ahead with the system, without a refresh: when the
        /// app is left. Where no wallet can be opened nothing is told.
        public func tellNow() async {
            guard let wallet = try? await wallet() else { return }
            await tell(wallet)
            wallet.close()
        }

        /// Tells the system what to call. Call it once in the life of the app.
        ///
        /// - Returns: Whether it will: `false` where Info.plist does not permit the identifier.
        @discardableResult
        public func register() -> Bool {
            // The system calls on its own queue. Without `@Sendable` the closure would belong to
            // the main actor where this is called from it, and the call would end the app.
            BGTaskScheduler.shared.register(forTaskWithIdentifier: identifier, using: nil) { @Sendable task in
                run(BackgroundTask(task))
            }
        }

        /// Asks for the next one. A later call takes the place of an earlier one.
        ///
        /// - Parameter nextIn: What the report of the last refresh says; `nil` where it is not
        ///   known.
        /// - Returns: Whether the system took it: `false` where the driver has switched background
        ///   refresh off, and in the simulator.
        @discardableResult
        public func schedule(after nextIn: Duration? = nil) -> Bool {
            let request = BGAppRefreshTaskRequest(identifier: identifier)
            request.earliestBeginDate = RefreshSchedule.begin(after: nextIn)
            do {
                try BGTaskScheduler.shared.submit(request)
                return true
            } catch {
                return false
            }
        }

        private func run(_ task: BackgroundTask) {
            let run = RefreshRun {
                try await RefreshRun.refresh(opening: wallet, telling: tell)
            } schedule: { nextIn in
                schedule(after: nextIn)
            }
            run.start(task)
        }
    }

    /// A task of the system's on its way to another thread. Its two calls may come from any.
    private struct BackgroundTask: RefreshRun.Job, @unchecked Sendable {
        private let task: BGTask

        init(_ task: BGTask) {
            self.task = task
        }

        func complete(success: Bool) {
            task.setTaskCompleted(success: success)
        }

        func onExpiration(_ work: @escaping @Sendable () -> Void) {
            task.expirationHandler = work
        }
    }
#endif
