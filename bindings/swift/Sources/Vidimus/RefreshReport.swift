import VidimusCore

/// What a refresh did.
public struct RefreshReport: Hashable, Sendable {
    /// What is new, in the order in which it came.
    public let changes: [RefreshChange]

    /// What was asked for and could not be fetched; it will be asked for again.
    public let failures: [RefreshFailure]

    /// How many HTTP requests were sent.
    public let requests: Int

    /// After how long to call again; at least a second.
    public let nextIn: Duration

    init(_ core: VidimusCore.RefreshReport) {
        changes = core.changes
        failures = core.failures.map(RefreshFailure.init)
        requests = core.requests
        nextIn = core.nextIn
    }
}

/// Something that could not be fetched.
public struct RefreshFailure: Error, Hashable, Sendable {
    /// What was asked for.
    public let subject: RefreshSubject

    /// Why it did not come.
    public let error: WalletError

    init(_ core: VidimusCore.RefreshFailure) {
        subject = core.subject
        error = WalletError(core: core.error)
    }
}

/// What to ask the authority for.
public typealias RefreshScope = VidimusCore.RefreshScope

/// Something that is new since a refresh.
public typealias RefreshChange = VidimusCore.RefreshChange

/// What a refresh asks for.
public typealias RefreshSubject = VidimusCore.RefreshSubject
