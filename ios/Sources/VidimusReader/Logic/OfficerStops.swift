import VidimusApp
import VidimusShell

extension OfficerScreen {
    /// Where the screen is in the navigation stack. The camera, what it saw and its verdict are one
    /// place: nothing slides between an officer and a verdict. A question lies over its verdict,
    /// and the look for its answer over the question, as the core's way back leads.
    public var stop: Stop {
        switch self {
        case .opening: Stop("opening", depth: 0)
        case .start: Stop("start", depth: 0)
        case .blocked: Stop("blocked", depth: 0)
        case .look(let screen) where screen.title.key == "officer.look.answer": Stop("answer", depth: 3)
        case .look, .two, .verdict: Stop("look", depth: 1)
        case .doubt: Stop("doubt", depth: 2)
        case .log: Stop("log", depth: 1)
        }
    }
}
