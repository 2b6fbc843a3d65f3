/// What came of asking for the phone's own lock.
public enum UnlockOutcome: Hashable, Sendable, CaseIterable {
    /// By face, finger or passcode.
    case opened
    /// By the driver or by the system: nothing happened, and it may be asked again.
    case cancelled
    /// Too often wrong, or it could not be asked.
    case failed
    /// The phone has no passcode: nothing of a license is shown until one is set.
    case noPasscode

    /// From an `LAError.Code`; `nil` where there was no error.
    init(authenticationError code: Int?) {
        self =
            switch code {
            case nil: .opened
            case -2, -4, -9, -10: .cancelled  // userCancel, systemCancel, appCancel, invalidContext
            case -5: .noPasscode  // passcodeNotSet
            default: .failed
            }
    }
}
