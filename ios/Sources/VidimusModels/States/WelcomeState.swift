/// Nothing yet: what this is, and how to begin.
public struct WelcomeState: Hashable, Sendable, Silent {
    /// What the driver has typed or pasted: an offer, which is good for whoever has it and its code.
    public var text: String
    /// Whether the offer is being read.
    public var reading: Bool
    /// Why the last offer was not taken.
    public var refusal: Refusal?
    /// Whether there is a license to go back to.
    public var mayGoBack: Bool
    /// Whether this phone had a license before, which is to be got again.
    public var again: Bool

    /// By default an empty screen.
    public init(
        text: String = "", reading: Bool = false, refusal: Refusal? = nil, mayGoBack: Bool = false, again: Bool = false
    ) {
        self.text = text
        self.reading = reading
        self.refusal = refusal
        self.mayGoBack = mayGoBack
        self.again = again
    }
}

/// The camera.
public struct ScanState: Hashable, Sendable {
    /// What is looked for.
    public var purpose: ScanPurpose
    /// Whether the driver has not let the app use it.
    public var cameraRefused: Bool

    /// A camera that may be used, unless said otherwise.
    public init(purpose: ScanPurpose, cameraRefused: Bool = false) {
        self.purpose = purpose
        self.cameraRefused = cameraRefused
    }
}

/// What the camera looks for.
public enum ScanPurpose: Hashable, Sendable, CaseIterable {
    /// A license's offer.
    case offer
    /// An officer's challenge.
    case challenge
}

/// The wallet cannot be opened.
public struct BlockedState: Hashable, Sendable {
    /// Why.
    public var trouble: Trouble
    /// Whether the action is under way.
    public var working: Bool

    /// One where nothing is under way, unless said otherwise.
    public init(trouble: Trouble, working: Bool = false) {
        self.trouble = trouble
        self.working = working
    }
}
