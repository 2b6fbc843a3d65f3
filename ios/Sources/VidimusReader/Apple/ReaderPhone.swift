#if canImport(UIKit)
import Foundation
import UIKit
import VidimusApp
import VidimusScreens
import VidimusShell

/// The iPhone under the app that checks licenses: its camera and torch, the share sheet, and the
/// ways out of the app.
@MainActor public final class ReaderPhone: OfficerPhone {
    /// What the screens show of it.
    struct Open: Sendable {
        /// The camera, as long as it looks.
        var camera: Camera?
        /// The log that is being handed over.
        var log: SharedLog?
    }

    private(set) var open = Open() {
        didSet { watchers.send(open) }
    }
    private let watchers = Watchers<Open>()
    private let leave: @MainActor (Place) -> Void
    /// The number of the newest look, and what takes what the camera sees.
    private var looks = 0
    private var seen: (@MainActor ([String]) -> Void)?
    /// Whether the phone goes to sleep by itself where no one looks.
    private var sleeps = true
    private var isLit = false
    /// Goes on once the share sheet is closed.
    private var handedOver: CheckedContinuation<Void, Never>?

    /// - Parameter leave: Leads the officer to a place outside of the app.
    public init(leave: @escaping @MainActor (Place) -> Void) {
        self.leave = leave
    }

    /// What is open now, and after each change.
    var changes: AsyncStream<Open> { watchers.watch(first: open) }

    /// Opens a place outside of the app.
    public func leave(to place: Place) { leave(place) }

    /// Looks until the task is cancelled. The phone does not go to sleep meanwhile.
    public func look(_ seen: @escaping @MainActor ([String]) -> Void) async -> Bool {
        looks += 1
        let look = looks
        self.seen = seen
        if open.camera == nil {
            guard let camera = await Camera.open({ [weak self] texts in self?.seen?(texts) }) else { return false }
            // The officer may have gone on while the system asked for the permission.
            guard !Task.isCancelled, look == looks else { return true }
            begin(camera)
        }
        await untilCancelled()
        // The look at the next license follows at once, and takes the camera over: to start one
        // takes half a second.
        Task {
            try? await Task.sleep(for: .milliseconds(200))
            if look == looks { end() }
        }
        return true
    }

    private func begin(_ camera: Camera) {
        sleeps = !UIApplication.shared.isIdleTimerDisabled
        UIApplication.shared.isIdleTimerDisabled = true
        camera.start()
        if isLit { camera.light(true) }
        open.camera = camera
    }

    private func end() {
        guard let camera = open.camera else { return }
        camera.stop()
        open.camera = nil
        seen = nil
        if sleeps { UIApplication.shared.isIdleTimerDisabled = false }
    }

    /// Keeps the torch on until the task is cancelled.
    public func light() async {
        isLit = true
        open.camera?.light(true)
        await untilCancelled()
        isLit = false
        open.camera?.light(false)
    }

    /// Shows the share sheet, and returns when it is closed. The file is gone then.
    public func share(_ log: Data) async {
        guard let log = try? SharedLog(log) else { return }
        open.log = log
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { handedOver = continuation }
            }
        } onCancel: {
            Task { @MainActor in self.closeShare() }
        }
        open.log = nil
        log.remove()
    }

    /// The share sheet was closed, or nothing is to be shared any more.
    func closeShare() {
        handedOver?.resume()
        handedOver = nil
    }

    private func untilCancelled() async {
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
    }
}
#endif
