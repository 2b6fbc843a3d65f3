import Foundation
import Vidimus

/// A status, when the authority signed it, and how old it is now.
public struct Standing: Hashable, Sendable {
    /// The state.
    public let state: LicenseStatus
    /// When it was signed; `nil` without one.
    public let asOf: Date?
    /// How old it is, in whole minutes; `nil` without one.
    public let age: Duration?

    /// Up to this age a status is fresh (token profile, section 8).
    public static let fresh = Duration.seconds(24 * 60 * 60)

    /// A standing.
    public init(state: LicenseStatus, asOf: Date?, age: Duration?) {
        self.state = state
        self.asOf = asOf
        self.age = age
    }

    /// How the state is to be taken: told by word, shape and colour, never by colour alone.
    public var tone: Tone {
        switch state {
        case .valid, .updateWaiting: isStale ? .caution : .good
        case .unresolved: .caution
        case .unknown: .unknown
        case .revoked, .suspended, .lapsed, .pointsLimit, .superseded: .bad
        }
    }

    /// Older than a day: an officer's reader says Caution.
    public var isStale: Bool { age.map { $0 > Self.fresh } ?? false }
}

extension Standing {
    /// That of a report which was read this long ago.
    init(_ report: StatusReport, readAgo: Duration = .zero) {
        let age = report.age.map { ($0 + max(readAgo, .zero)).components.seconds / 60 * 60 }
        self.init(state: report.state, asOf: report.asOf, age: age.map { .seconds($0) })
    }
}

/// How something is to be taken. Each has a shape of its own beside its colour.
public enum Tone: String, Hashable, Sendable, CaseIterable {
    /// All is well: a disc with a tick.
    case good
    /// To be looked at: a triangle.
    case caution
    /// Not to be used: an octagon with a bar.
    case bad
    /// Nobody knows: a diamond with a question mark.
    case unknown

    /// Its stable name, the same on every system.
    public var code: String { rawValue }
}
