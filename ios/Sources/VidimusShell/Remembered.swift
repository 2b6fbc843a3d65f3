/// The newest of what was made from an id, so that a picture which is drawn again is not made
/// again.
@MainActor public final class Remembered<ID: Equatable, Value> {
    private var newest: (id: ID, value: Value)?

    /// Remembers nothing yet.
    public init() {}

    /// What belongs to this id: made once, while no other id is asked for. What could not be made
    /// is tried again.
    public func value(of id: ID, make: () -> Value?) -> Value? {
        if let newest, newest.id == id { return newest.value }
        newest = make().map { (id, $0) }
        return newest?.value
    }
}
