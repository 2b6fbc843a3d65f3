import Testing

@testable import VidimusDevice

/// How near a camera looks.
@Suite struct CameraZoomTests {
    /// A wide lens sees 86 mm of a QR's surroundings from 11 cm away.
    @Test func aCameraThatSeesSharplyFromThereNeedsNoZoom() {
        #expect(CameraZoom.beginning(nearest: 100, fieldOfView: 70) == 1)
        #expect(CameraZoom.beginning(nearest: nil, fieldOfView: 70) == 1)
        #expect(CameraZoom.beginning(nearest: 200, fieldOfView: 0) == 1)
    }

    /// The newer the iPhone, the farther away its wide lens must be.
    @Test func aCameraThatMustBeFartherAwayComesNearerByItsZoom() {
        let zoom = CameraZoom.beginning(nearest: 200, fieldOfView: 70)
        #expect(abs(zoom - 1.838) < 0.001)
        #expect(CameraZoom.beginning(nearest: 240, fieldOfView: 70) > zoom)
        #expect(CameraZoom.beginning(nearest: 5_000, fieldOfView: 70) == 6)
    }

    @Test func twoFingersStayWithinWhatTheCameraCan() {
        #expect(CameraZoom.pinched(from: 2, by: 1.5, within: 1...16) == 3)
        #expect(CameraZoom.pinched(from: 2, by: 0.1, within: 1...16) == 1)
        #expect(CameraZoom.pinched(from: 2, by: 9, within: 1...16) == 6)
        #expect(CameraZoom.pinched(from: 2, by: 9, within: 1...4) == 4)
    }
}
