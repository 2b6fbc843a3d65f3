import VidimusCore

/// An offer that was read and not yet taken up: show what it says, ask for its code, then
/// ``Wallet/enroll(_:code:)``.
public struct Offer: Sendable {
    /// Who offers, and which code must be typed in.
    public let details: OfferDetails

    let core: VidimusCore.Offer

    init(_ core: VidimusCore.Offer) throws {
        self.core = core
        details = try core.details()
    }
}
