import Foundation
import VidimusCore

/// How a wallet reaches the authority. Addresses are `https`, or `http` on this machine.
public enum NetworkAccess: Sendable {
    /// The wallet's own client, which trusts the public certificate authorities.
    case publicRoots
    /// The wallet's own client, which trusts these certificates alone, in DER.
    case pinned([Data])
    /// A client of the app's own.
    case transport(any HTTPTransport)

    package var pinnedCertificates: [Data] {
        if case .pinned(let certificates) = self { certificates } else { [] }
    }

    package var forCore: (any VidimusCore.CoreHttpTransport)? {
        if case .transport(let transport) = self { ForeignTransport(transport) } else { nil }
    }
}
