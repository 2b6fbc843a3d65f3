/// An officer asks.
public struct AnswerState: Hashable, Sendable, Silent {
    /// What was typed.
    public var text: String
    /// Why the last question was not taken.
    public var problem: AnswerProblem?
    /// Who asks, once it was read.
    public var asker: Asker?

    /// By default nothing was asked yet.
    public init(text: String = "", problem: AnswerProblem? = nil, asker: Asker? = nil) {
        self.text = text
        self.problem = problem
        self.asker = asker
    }
}

/// Who asks.
public struct Asker: Hashable, Sendable, Silent {
    /// The proven name, or what the reader calls itself; `nil` for digits that were read out.
    public let name: String?
    /// Whether the authority vouches for the name.
    public let proven: Bool

    /// Someone.
    public init(name: String?, proven: Bool) {
        self.name = name
        self.proven = proven
    }

    /// A reader by the name that the core has for it.
    init(reader: String, proven: Bool) {
        self.init(name: reader == Self.byDigits ? nil : reader, proven: proven)
    }

    /// The reserved name of whoever reads out digits (token profile).
    private static let byDigits = "dl1:code"
}

/// Why a question cannot be answered.
public enum AnswerProblem: Hashable, Sendable, CaseIterable {
    /// It is none.
    case malformed
    /// Someone recorded it.
    case recorded
}
