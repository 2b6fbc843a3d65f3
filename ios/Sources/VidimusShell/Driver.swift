import Foundation
import Vidimus
import VidimusApp

/// What the screens tell the app behind them, and what they ask it for. Each call returns at once.
@MainActor public protocol Driver: AnyObject {
    /// Says what the driver does.
    func send(_ action: Action)

    /// The number for what is typed next: higher than all before it, over all fields.
    ///
    /// - Parameter shown: The number that the screen's field has: a shell that began anew counts on from there.
    func nextEdit(shown: UInt64) -> UInt64

    /// The camera saw a QR with this text.
    func seen(_ text: String)

    /// The camera may not be used.
    func cameraRefused()

    /// The portrait of this id, a JPEG; `nil` once its license is gone.
    func picture(_ id: String) -> Data?

    /// The QR of a frame of a showing; `nil` once it is no longer shown.
    func frame(of showing: UInt64, number: UInt64) -> QRSymbol?
}

/// The calls of a `DriverApp`, for which a test has an app of its own.
public protocol DriverCalls: Sendable {
    /// Waits for an update that is newer than the one of this number; `nil` once the app has ended.
    func next(after number: UInt64) async -> Update?

    /// Says what the driver does, or what the shell has done.
    func send(_ action: Action)

    /// The portrait of this id.
    func picture(_ id: String) -> Data?

    /// The QR of a frame of a showing.
    func frame(of showing: UInt64, number: UInt64) -> QRSymbol?

    /// What to keep for the next start.
    var saved: Data? { get }

    /// Ends the app, and waits until what was shown stands in the log.
    func end() async
}

extension DriverApp: DriverCalls {}
