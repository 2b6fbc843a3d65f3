/// What is on the phone's screen: a value, from which the same picture is drawn on every system.
public enum Screen: Hashable, Sendable {
    /// The wallet is being opened.
    case opening
    /// There is no license yet, or another one is to be added.
    case welcome(WelcomeState)
    /// The camera looks for a QR.
    case scan(ScanState)
    /// An offer of a license.
    case offer(OfferState)
    /// The licenses on this phone.
    case license(LicenseState)
    /// A license is shown to somebody.
    case show(ShowState)
    /// An officer asks.
    case answer(AnswerState)
    /// What happened to the licenses.
    case history(HistoryState)
    /// What is stored, and how to remove it.
    case settings(SettingsState)
    /// The wallet cannot be opened.
    case blocked(BlockedState)

    /// The stable name of the screen, the same on every system.
    public var code: String {
        switch self {
        case .opening: "opening"
        case .welcome: "welcome"
        case .scan: "scan"
        case .offer: "offer"
        case .license: "license"
        case .show: "show"
        case .answer: "answer"
        case .history: "history"
        case .settings: "settings"
        case .blocked: "blocked"
        }
    }

    /// Whether no picture of it may be kept: it shows a license, an offer, or what happened to one, and the camera may see a
    /// letter.
    public var isPersonal: Bool {
        switch self {
        case .opening, .blocked: false
        case .welcome(let state): !state.text.isEmpty
        case .scan, .offer, .license, .show, .answer, .history, .settings: true
        }
    }
}

extension Screen: CustomStringConvertible, CustomReflectable {
    /// The screen's code alone: what is on it is personal data.
    public var description: String { "Screen.\(code)" }

    /// Nothing, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
