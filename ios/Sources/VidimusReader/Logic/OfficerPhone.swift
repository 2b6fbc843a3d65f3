import Foundation
import VidimusApp

/// What only a phone can do for the app that checks licenses.
@MainActor public protocol OfficerPhone {
    /// Lets the camera look for QRs until this is cancelled.
    ///
    /// - Parameter seen: Takes the texts of all QRs in one picture, for each picture that has some.
    /// - Returns: `false` at once where there is no camera, or it may not be used.
    func look(_ seen: @escaping @MainActor ([String]) -> Void) async -> Bool

    /// Keeps the torch on until this is cancelled.
    func light() async

    /// Lets the officer hand over the log, a file of JSON lines. Cancelled, it closes what it has
    /// open.
    func share(_ log: Data) async

    /// Leads the officer out of the app, and returns once that was begun.
    func leave(to place: Place)
}
