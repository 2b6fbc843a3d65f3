import Testing
import VidimusApp

@testable import VidimusShell

/// What the button beside a code says of the driver's face.
@Suite struct FacesTests {
    @Test func aFaceIsOnWhileItsFramesTakeTurnsWithTheCode() {
        let turns: [FaceTurn] = [.none, .off, .token, .frame(index: 2, count: 9)]
        #expect(turns.map(\.isOn) == [nil, false, true, true])
    }
}
