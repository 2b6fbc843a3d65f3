import Foundation
import Vidimus
import VidimusApp

/// What the screens tell the app that checks licenses, and what they ask it for. Each call returns
/// at once.
@MainActor public protocol Officer: AnyObject {
    /// Sends what the officer does.
    func send(_ action: OfficerAction)

    /// The number for what is typed next: higher than all before it.
    ///
    /// - Parameter shown: The number that the screen's field has.
    func nextEdit(shown: UInt64) -> UInt64

    /// Whether a verdict is to be told by sound, speech and touch: once for each announcement.
    func tells(_ announcement: UInt64) -> Bool

    /// The face of this id, a JPEG; `nil` once its verdict is off the screen.
    func picture(_ id: String) -> Data?

    /// The QR of this question; `nil` once it is no longer shown.
    func question(_ id: UInt64) -> QRSymbol?
}
