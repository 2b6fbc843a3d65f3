import VidimusCore

@testable import Vidimus

/// Something that a refresh could not have.
typealias CoreFailure = VidimusCore.RefreshFailure

extension Vidimus.RefreshReport {
    /// One that asked once.
    static func sample(failures: [CoreFailure], nextIn: Duration) -> Vidimus.RefreshReport {
        Vidimus.RefreshReport(
            VidimusCore.RefreshReport(changes: [], failures: failures, requests: 1, nextIn: nextIn))
    }
}
