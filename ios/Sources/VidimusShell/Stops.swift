import VidimusApp

extension Screen {
    /// Where the screen is in the navigation stack. The core's way back decides the depth: from the
    /// camera and an offer it leads to a page on which something is typed, from all others to the
    /// first one.
    public var stop: Stop {
        switch self {
        case .opening: Stop("opening", depth: 0)
        case .welcome(let screen): Stop("welcome", depth: screen.mayGoBack ? 1 : 0)
        case .scan: Stop("scan", depth: 2)
        case .offer: Stop("offer", depth: 2)
        case .signIn: Stop("signIn", depth: 2)
        case .license: Stop("license", depth: 0)
        case .show: Stop("show", depth: 1)
        case .answer: Stop("answer", depth: 1)
        case .history: Stop("history", depth: 1)
        case .settings: Stop("settings", depth: 1)
        case .blocked: Stop("blocked", depth: 0)
        }
    }
}
