import Foundation
import VidimusApp

/// What only a phone can do. Each system brings its own; a test has one too.
@MainActor public protocol Phone {
    /// Whether the phone has a screen lock now.
    var hasLock: Bool { get }

    /// Asks the phone's lock for its owner. Cancelled, it closes what it has open.
    func unlock(reason: UnlockReason) async -> LockOutcome

    /// Leads the driver out of the app, and returns once that was begun.
    func leave(to place: Place)

    /// Opens this address in the system's browser, never in a view of the app itself, and waits until
    /// it has come back or was closed. Cancelled, it closes what it has open.
    func browse(_ address: URL) async -> Browsed

    /// What was kept last, also where the system has ended the app since; `nil` where there is
    /// nothing, or nothing that can be read now. Android has no such property: its system tells only
    /// the activity whether the app was ended, so the activity reads what was kept.
    var kept: Data? { get }

    /// Keeps this in place of what was there; `nil` for nothing.
    func keep(_ saved: Data?)

    /// Asks the system not to suspend the app until this is cancelled.
    func stayAwake() async
}
