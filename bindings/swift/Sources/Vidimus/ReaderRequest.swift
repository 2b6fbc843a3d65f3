import VidimusCore

/// A reader's challenge that was read: show who asks, and whether that is proven, before
/// ``Wallet/answer(_:with:)``.
public struct ReaderRequest: Sendable {
    /// The name that the reader gives itself; `dl1:code` for digits that were read out.
    public let reader: String

    /// The reader's name by the trust list; `nil` where nothing proves who asks.
    public let provenName: String?

    /// Whether the reader asks for the driver's face too: see ``Presentation/showFace(_:)``.
    public let wantsFace: Bool

    let core: VidimusCore.ReaderRequest

    init(_ core: VidimusCore.ReaderRequest) throws {
        self.core = core
        let details = try core.details()
        reader = details.reader
        provenName = details.provenName
        wantsFace = details.wantsFace
    }
}
