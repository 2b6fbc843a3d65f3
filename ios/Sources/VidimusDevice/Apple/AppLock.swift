import Foundation
import LocalAuthentication

/// Asks for the lock of the phone: face or finger, else the passcode.
///
/// Ask before a license is shown, and again when the app comes back after a while. The keys
/// themselves never ask: a call of the wallet has 10 s, and a refresh in the background has no
/// driver in front of it.
public struct AppLock: Sendable {
    /// A lock that has not been asked yet.
    public init() {}

    /// Whether the phone has a passcode, and so a lock that can be asked.
    public var isSet: Bool {
        LAContext().canEvaluatePolicy(.deviceOwnerAuthentication, error: nil)
    }

    /// Asks once. Each call asks anew: no earlier answer counts.
    ///
    /// - Parameter reason: Why, in the driver's language, without a full stop; the system shows it.
    /// - Returns: What came of it. It never throws: any fault is ``UnlockOutcome/failed``. Where
    ///   its task is cancelled the system's dialog is closed, and nothing was unlocked.
    public func open(reason: String) async -> UnlockOutcome {
        let question = Question()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                question.context.evaluatePolicy(.deviceOwnerAuthentication, localizedReason: reason) { isOwner, error in
                    if isOwner {
                        continuation.resume(returning: .opened)
                    } else {
                        // Neither an owner nor an error is no answer: 0 is no number of an error.
                        let code = error.map { ($0 as NSError).code } ?? 0
                        continuation.resume(returning: UnlockOutcome(authenticationError: code))
                    }
                }
            }
        } onCancel: {
            // The system then answers the question: with appCancel, or, where it was not asked yet,
            // with invalidContext.
            question.context.invalidate()
        }
    }
}

/// A question to the lock. Its context may be called from any thread, says Apple's documentation.
private struct Question: @unchecked Sendable {
    let context: LAContext

    init() {
        context = LAContext()
        context.touchIDAuthenticationAllowableReuseDuration = 0
    }
}
