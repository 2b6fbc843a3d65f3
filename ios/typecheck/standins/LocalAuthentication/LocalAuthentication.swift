// Stand-in for LocalAuthentication. Only what our sources name.
@_exported import Foundation

public enum LAPolicy: Int, @unchecked Sendable {
    case deviceOwnerAuthenticationWithBiometrics = 1
    case deviceOwnerAuthentication = 2
}

/// Foundation's, on Apple's systems.
public typealias NSErrorPointer = AutoreleasingUnsafeMutablePointer<NSError?>?
/// The standard library's, on Apple's systems.
public struct AutoreleasingUnsafeMutablePointer<Pointee> {}

open class LAContext: NSObject {
    public override init() {}
    open var localizedFallbackTitle: String?
    open var localizedCancelTitle: String?
    open var touchIDAuthenticationAllowableReuseDuration: TimeInterval = 0
    open func canEvaluatePolicy(_ policy: LAPolicy, error: NSErrorPointer) -> Bool { false }
    open func evaluatePolicy(
        _ policy: LAPolicy, localizedReason: String, reply: @escaping @Sendable (Bool, (any Error)?) -> Void
    ) {}
    open func invalidate() {}
}
