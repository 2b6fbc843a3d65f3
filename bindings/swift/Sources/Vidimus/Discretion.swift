import VidimusCore

// Values that hold personal data or tokens print their name alone, and `dump` shows nothing of
// them. Their `description` comes with them from the library.

extension License: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name alone.
    public var debugDescription: String { description }

    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension BirthDate: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name alone.
    public var debugDescription: String { description }

    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Category: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name alone.
    public var debugDescription: String { description }

    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Frame: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name alone.
    public var debugDescription: String { description }

    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Application: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name alone.
    public var debugDescription: String { description }

    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Audience: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name alone.
    public var debugDescription: String { description }

    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension HTTPHeader: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name alone.
    public var debugDescription: String { description }

    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension HTTPRequest: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name alone.
    public var debugDescription: String { description }

    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension HTTPResponse: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name alone.
    public var debugDescription: String { description }

    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension ReaderRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The type's name alone: who asks a driver is personal.
    public var description: String { "ReaderRequest(…)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
