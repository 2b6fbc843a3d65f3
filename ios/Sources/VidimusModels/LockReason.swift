import Foundation

/// Why the phone's lock is asked.
public enum LockReason: Hashable, Sendable, CaseIterable {
    /// To show a license, or to open what holds it.
    case showing
    /// To remove one.
    case removing
}

extension LockReason {
    /// What the system's dialog says. It sets its own stop behind it.
    public func text(in texts: Texts) -> String {
        let word: Word =
            switch self {
            case .showing: .showUnlocking
            case .removing: .settingsRemoveTitle
            }
        return texts[word].trimmingCharacters(in: CharacterSet(charactersIn: ".。।"))
    }
}
