import Foundation
import Vidimus
import VidimusApp

/// What a shell needs of an `OfficerApp`. A test has its own app.
public protocol OfficerCore: Sendable {
    /// Waits for an update that is newer than the one of this number; `nil` once the app has ended.
    func next(after number: UInt64) async -> OfficerUpdate?

    /// Sends what the officer does, or what the shell has done.
    func send(_ action: OfficerAction)

    /// The face of this id.
    func picture(_ id: String) -> Data?

    /// The QR of a question.
    func question(_ id: UInt64) -> QRSymbol?

    /// The log of the checks, while it is to be shared.
    func exported() -> Data?

    /// Ends the app, and waits until it has ended.
    func end() async
}

extension OfficerApp: OfficerCore {}
