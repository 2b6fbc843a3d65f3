import Foundation

/// How near a camera looks at a QR.
public enum CameraZoom {
    /// The side of a license's QR on a phone, in millimeters: what the camera is to fill its picture
    /// with.
    static let code = 60.0
    /// How much of the picture's width the QR is to fill.
    static let share = 0.7
    /// Beyond this the picture has no more in it, and a hand shakes it.
    static let most = 6.0

    /// Where to begin. A camera that cannot see sharply what is near enough to fill its picture
    /// looks from farther away, and nearer by its zoom.
    ///
    /// - Parameters:
    ///   - nearest: How near something may be to be seen sharply, in millimeters; `nil` where the
    ///     camera does not say it.
    ///   - fieldOfView: The angle that the longer edge of the picture has, in degrees.
    ///   - aspect: The shorter edge of the picture as a part of the longer one.
    public static func beginning(nearest: Double?, fieldOfView: Double, aspect: Double = 9 / 16) -> Double {
        guard let nearest, nearest > 0, fieldOfView > 0, fieldOfView < 180 else { return 1 }
        let across = 2 * tan(fieldOfView / 2 * .pi / 180) * aspect
        let filled = code / share / across
        return min(max(1, nearest / filled), most)
    }

    /// What two fingers make of a zoom.
    ///
    /// - Parameters:
    ///   - begin: The zoom when the fingers came.
    ///   - spread: How far they are apart now, as a multiple of then.
    ///   - range: What the camera can do.
    public static func pinched(from begin: Double, by spread: Double, within range: ClosedRange<Double>) -> Double {
        min(max(begin * spread, range.lowerBound), max(range.lowerBound, min(range.upperBound, most)))
    }
}
