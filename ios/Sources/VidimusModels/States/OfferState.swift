/// An offer that was read.
public struct OfferState: Hashable, Sendable, Silent {
    /// The address of who offers.
    public var issuer: String
    /// What the issuer calls itself; its own word.
    public var name: String?
    /// Whether it is the authority that this app was made for.
    public var proven: Bool
    /// The field for the transaction code; `nil` where none is asked for.
    public var code: CodeField?
    /// Whether the license is being issued.
    public var issuing: Bool
    /// Why it was not, the last time.
    public var refusal: Refusal?

    /// One that was just read, unless said otherwise.
    public init(
        issuer: String,
        name: String?,
        proven: Bool,
        code: CodeField?,
        issuing: Bool = false,
        refusal: Refusal? = nil
    ) {
        self.issuer = issuer
        self.name = name
        self.proven = proven
        self.code = code
        self.issuing = issuing
        self.refusal = refusal
    }

    /// Whether the license may be asked for now.
    public var mayTake: Bool { !issuing && code?.isComplete != false }
}

/// The field for a transaction code. The code is a secret until it is spent.
public struct CodeField: Hashable, Sendable, Silent {
    /// What was typed, without what cannot belong to it.
    public private(set) var text: String
    /// Digits alone.
    public let numeric: Bool
    /// How many characters, where the issuer says so.
    public let length: Int?
    /// Where to find it, in the issuer's words.
    public let hint: String?

    /// A field; what cannot belong to the code is left out of `text`.
    public init(text: String = "", numeric: Bool, length: Int?, hint: String?) {
        self.text = ""
        self.numeric = numeric
        self.length = length
        self.hint = hint
        type(text)
    }

    /// Whether as much was typed as must be.
    public var isComplete: Bool {
        if let length { text.count == length } else { !text.isEmpty }
    }

    /// How many characters are missing; `nil` where the issuer does not say how many there are.
    public var missing: Int? { length.map { max(0, $0 - text.count) } }

    /// No authority prints a longer one, and no finger types it.
    static let longest = 64

    /// Replaces the text by what can belong to the code.
    mutating func type(_ typed: String) {
        let fitting = numeric ? typed.asciiDigits : typed.withAsciiDigits.filter(\.belongsToACode)
        text = String(fitting.prefix(length ?? Self.longest))
    }
}
