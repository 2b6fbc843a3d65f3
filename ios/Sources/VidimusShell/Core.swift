import Foundation
import Vidimus
import VidimusApp

/// What a shell needs of a `DriverApp`. A test has its own app.
public protocol Core: Sendable {
    /// Waits for an update that is newer than the one of this number; `nil` once the app has ended.
    func next(after number: UInt64) async -> Update?

    /// Sends what the driver does, or what the shell has done.
    func send(_ action: Action)

    /// The portrait of this id.
    func picture(_ id: String) -> Data?

    /// The QR of a frame of a showing.
    func frame(of showing: UInt64, number: UInt64) -> QRSymbol?

    /// The address that the browser is to open; `nil` once the sign-in is over.
    var signInAddress: URL? { get }

    /// What to keep for the next start.
    var saved: Data? { get }

    /// After how long to ask the authority again; `nil` where no refresh has said it.
    var refreshDueIn: Duration? { get }

    /// Ends the app, and waits until what was shown is in the log.
    func end() async
}

extension DriverApp: Core {}
