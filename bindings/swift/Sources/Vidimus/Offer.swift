import VidimusCore

/// A credential offer that ``Wallet/readOffer(_:)`` has read. Show the driver who offers, ask for
/// the code, then ``Wallet/enroll(_:txCode:)``.
public struct Offer: Sendable {
    /// The address of the authority that offers.
    public var issuer: String { details.issuer }

    /// What the authority calls itself; `nil` where it has no name. Nothing proves it yet.
    public var displayName: String? { details.displayName }

    /// Who vouches for that address. Say it beside the address.
    public var standing: IssuerStanding { details.standing }

    /// The code that the driver must type, and how it looks; `nil` where none is asked for, and
    /// where no one vouches for the address: it is given none.
    public var txCode: TxCode? { details.txCode }

    let core: VidimusCore.Offer
    private let details: VidimusCore.OfferDetails

    init(_ core: VidimusCore.Offer) throws {
        self.core = core
        details = try core.details()
    }
}
