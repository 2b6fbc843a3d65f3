import VidimusCore

/// What a ``KeyStore`` or an ``HTTPTransport`` of the app's own throws.
///
/// Anything else that one throws counts as ``failed``, and its text is dropped.
public enum DeviceError: Error, Hashable, Sendable {
    /// Key store: the device does not offer this.
    case unavailable
    /// Key store: the device is locked, or its user has not authenticated.
    case locked
    /// Key store: the device has destroyed the key.
    case invalidated
    /// Key store: there is no such key on this device.
    case notFound
    /// Key store: the input is not one that it made or accepts.
    case refused
    /// Either: it failed in another way.
    case failed
    /// Either: it took too long.
    case timeout
    /// Transport: no network, no such host, or no one listens.
    case unreachable
    /// Transport: the server could not prove who it is.
    case certificate
    /// Transport: the answer is larger than the request's limit.
    case tooLarge
    /// Transport: the answer broke off, or is no HTTP.
    case broken
}

extension DeviceError {
    init(_ error: any Error) {
        self =
            switch error {
            case let error as DeviceError: error
            case let error as VidimusCore.DeviceError: DeviceError(core: error)
            default: .failed
            }
    }

    private init(core: VidimusCore.DeviceError) {
        self =
            switch core {
            case .Unavailable: .unavailable
            case .Locked: .locked
            case .Invalidated: .invalidated
            case .NotFound: .notFound
            case .Refused: .refused
            case .Failed: .failed
            case .Timeout: .timeout
            case .Unreachable: .unreachable
            case .Certificate: .certificate
            case .TooLarge: .tooLarge
            case .Broken: .broken
            }
    }

    /// The same for the core.
    var core: VidimusCore.DeviceError {
        switch self {
        case .unavailable: .Unavailable
        case .locked: .Locked
        case .invalidated: .Invalidated
        case .notFound: .NotFound
        case .refused: .Refused
        case .failed: .Failed
        case .timeout: .Timeout
        case .unreachable: .Unreachable
        case .certificate: .Certificate
        case .tooLarge: .TooLarge
        case .broken: .Broken
        }
    }
}
