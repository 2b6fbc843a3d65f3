import VidimusApp

/// What is in a field: what was typed there, until the app has heard all of it. Then the screen's
/// own text counts, so a slow app never eats a key. It may be a secret, and prints nothing.
public struct Typing: Hashable, Sendable {
    private var text = ""
    /// The number of the newest typing in this field; `nil` before the first.
    private var edit: UInt64?

    /// A field in which nothing was typed yet.
    public init() {}

    /// The text to show, where the screen has this field.
    public func text(over field: Field) -> String {
        if let edit, field.edit < edit { text } else { field.text }
    }

    /// Takes all of what stands there now, and the number that goes with it to the app.
    public mutating func type(_ text: String, edit: UInt64) {
        self.text = text
        self.edit = edit
    }
}

extension Typing: CustomStringConvertible, CustomReflectable {
    /// The name of the type alone: what is typed may be a code.
    public var description: String { "Typing" }

    /// Nothing, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
