import Foundation
import Vidimus
import VidimusApp

/// What the screens tell the app behind them, and what they ask it for. Each call returns at once.
@MainActor public protocol Driver: AnyObject {
    /// Sends what the driver does.
    func send(_ action: Action)

    /// The number for what is typed next: higher than all before it, over all fields.
    ///
    /// - Parameter shown: The number that the screen's field has: a shell that began anew counts on
    ///   from there.
    func nextEdit(shown: UInt64) -> UInt64

    /// Asks the authority for the newest status, and returns when it has answered, or nothing is
    /// asked. It is for a sign that stays until then.
    func refresh() async

    /// The camera saw a QR with this text.
    func seen(_ text: String)

    /// The camera may not be used.
    func cameraRefused()

    /// The portrait of this id, a JPEG; `nil` once its license is gone.
    func picture(_ id: String) -> Data?

    /// The QR of a frame of a showing; `nil` once it is no longer shown.
    func frame(of showing: UInt64, number: UInt64) -> QRSymbol?
}
