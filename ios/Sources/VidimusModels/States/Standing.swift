import Foundation
import Vidimus

/// How something is to be taken. Each has a shape of its own beside its colour: a disc with a tick, a triangle, an
/// octagon with a bar, a diamond with a question mark.
public typealias Tone = Vidimus.Tone

/// How a license stands, when the authority signed its status, and how old that is now.
public struct Standing: Hashable, Sendable {
    /// How it stands, by all that is known of it: the library's own word.
    public let license: LicenseStanding
    /// When the status was signed; `nil` without one.
    public let asOf: Date?
    /// How old the status is, in whole minutes; `nil` without one.
    public let age: Duration?

    /// A standing.
    public init(license: LicenseStanding, asOf: Date?, age: Duration?) {
        self.license = license
        self.asOf = asOf
        self.age = age
    }

    /// What it is.
    public var kind: StandingKind { license.kind }

    /// How it is to be taken: told by word, shape and colour, never by colour alone.
    public var tone: Tone { license.tone }
}

extension Standing {
    /// That of a license which was read this long ago.
    init(_ held: HeldLicense, readAgo: Duration) {
        let license = held.standings(after: readAgo).first ?? held.standing
        self.init(license, held.status, readAgo: max(readAgo, .zero))
    }

    /// That of a frame which was just signed.
    init(_ frame: Frame) {
        self.init(frame.standing, frame.status, readAgo: .zero)
    }

    private init(_ license: LicenseStanding, _ report: StatusReport, readAgo: Duration) {
        let age = report.age.map { ($0 + readAgo).components.seconds / 60 * 60 }
        self.init(license: license, asOf: report.asOf, age: age.map { .seconds($0) })
    }
}
