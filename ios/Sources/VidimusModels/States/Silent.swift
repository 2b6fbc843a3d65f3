/// A value with personal data, or with a secret: it prints as its type's name, wherever it is printed.
public protocol Silent: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Silent {
    /// The type's name alone.
    public var description: String { "\(Self.self)(…)" }

    /// The same.
    public var debugDescription: String { description }

    /// Nothing, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
