import VidimusApp

extension FaceTurn {
    /// Whether the driver's face is shown in turn with the code; `nil` where there is none to show.
    public var isOn: Bool? {
        switch self {
        case .none: nil
        case .off: false
        case .token, .frame: true
        }
    }
}
