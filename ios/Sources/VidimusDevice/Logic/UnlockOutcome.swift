/// What came of asking for the phone's own lock.
public enum UnlockOutcome: Hashable, Sendable, CaseIterable {
    /// The driver unlocked, by face, finger or passcode.
    case opened
    /// The driver or the system closed the dialog: nothing happened, and it may be asked again.
    case cancelled
    /// Too many wrong attempts, or the lock could not be asked.
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
