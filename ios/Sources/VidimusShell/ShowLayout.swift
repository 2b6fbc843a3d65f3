/// How the space of a screen is shared while a license is shown, in points.
///
/// An officer tells the state from two meters: its field takes at least a quarter of the screen.
/// The code is as large as the screen is wide, and neither moves where text is large.
public struct ShowLayout: Hashable, Sendable {
    /// The height of the field in the color of the state, as wide as the screen.
    public let field: Double
    /// The side of the code with its quiet zone.
    public let code: Double
    /// How wide the state's color is around the code.
    public let frame: Double
    /// The side of the state's mark.
    public let mark: Double

    /// - Parameters:
    ///   - width: Between the edges of the screen.
    ///   - height: Below the bar, above the home indicator.
    public init(width: Double, height: Double) {
        frame = 10
        mark = 72
        // Bar and edges take up to a sixth of a screen, and the field is a quarter of all of it.
        field = (height * 0.31).rounded()
        code = max(0, min(width, height - field) - 2 * frame)
    }
}
