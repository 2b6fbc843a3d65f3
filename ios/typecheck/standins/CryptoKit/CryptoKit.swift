// Stand-in for CryptoKit. Only what our sources name.
@_exported import Foundation
import LocalAuthentication
import Security

public enum CryptoKitError: Error {
    case incorrectKeySize
    case incorrectParameterSize
    case authenticationFailure
    case underlyingCoreCryptoError(error: Int32)
    case wrapFailure
    case unwrapFailure
    case invalidParameter
}

public enum P256: Sendable {
    public enum Signing: Sendable {
        public struct PublicKey: Sendable {
            public var x963Representation: Data { Data() }
            public var rawRepresentation: Data { Data() }
        }
        public struct ECDSASignature: Sendable {
            public var rawRepresentation: Data { Data() }
            public var derRepresentation: Data { Data() }
        }
    }
    public enum KeyAgreement: Sendable {
        public struct PublicKey: HPKEDiffieHellmanPublicKey, Sendable {
            public init<Bytes: ContiguousBytes>(x963Representation: Bytes) throws {}
            public var x963Representation: Data { Data() }
        }
    }
}

public enum SecureEnclave: Sendable {
    public static var isAvailable: Bool { false }
    public enum P256: Sendable {
        public enum Signing: Sendable {
            public struct PrivateKey: Sendable {
                public init(
                    compactRepresentable: Bool = true, accessControl: SecAccessControl,
                    authenticationContext: LAContext? = nil
                ) throws {}
                public init(dataRepresentation: Data, authenticationContext: LAContext? = nil) throws {}
                public var dataRepresentation: Data { Data() }
                public var publicKey: CryptoKit.P256.Signing.PublicKey { fatalError() }
                public func signature<D: DataProtocol>(for data: D) throws -> CryptoKit.P256.Signing.ECDSASignature {
                    fatalError()
                }
            }
        }
        public enum KeyAgreement: Sendable {
            public struct PrivateKey: HPKEDiffieHellmanPrivateKey, Sendable {
                public init(
                    compactRepresentable: Bool = true, accessControl: SecAccessControl,
                    authenticationContext: LAContext? = nil
                ) throws {}
                public init(dataRepresentation: Data, authenticationContext: LAContext? = nil) throws {}
                public var dataRepresentation: Data { Data() }
                public var publicKey: CryptoKit.P256.KeyAgreement.PublicKey { fatalError() }
            }
        }
    }
}

public protocol HPKEDiffieHellmanPublicKey: Sendable {}
public protocol HPKEDiffieHellmanPrivateKey: Sendable {
    associatedtype PublicKey: HPKEDiffieHellmanPublicKey
    var publicKey: PublicKey { get }
}

public enum HPKE: Sendable {
    public enum Errors: Error {
        case inconsistentParameters
        case inconsistentCiphersuiteAndKey
        case exportOnlyMode
        case inconsistentPSKInputs
        case expectedPSK
        case unexpectedPSK
        case outOfRangeSequenceNumber
        case ciphertextTooShort
    }
    public struct Ciphersuite: Sendable {
        public static let P256_SHA256_AES_GCM_256 = Ciphersuite()
    }
    public struct Sender: Sendable {
        public let encapsulatedKey = Data()
        public init<PK: HPKEDiffieHellmanPublicKey>(recipientKey: PK, ciphersuite: Ciphersuite, info: Data) throws {}
        public mutating func seal<M: DataProtocol, AD: DataProtocol>(
            _ msg: M, authenticating aad: AD
        ) throws -> Data { Data() }
        public mutating func seal<M: DataProtocol>(_ msg: M) throws -> Data { Data() }
    }
    public struct Recipient: Sendable {
        public init<SK: HPKEDiffieHellmanPrivateKey>(
            privateKey: SK, ciphersuite: Ciphersuite, info: Data, encapsulatedKey: Data
        ) throws {}
        public mutating func open<C: DataProtocol, AD: DataProtocol>(
            _ ciphertext: C, authenticating aad: AD
        ) throws -> Data { Data() }
        public mutating func open<C: DataProtocol>(_ ciphertext: C) throws -> Data { Data() }
    }
}
