import Testing

@testable import VidimusShell

/// What an officer must see from a distance, on iPhones of each size.
@Suite struct ShowLayoutTests {
    /// Width and height of a screen, and how much of the height bar and edges take.
    static let phones: [(width: Double, height: Double, taken: Double)] = [
        (320, 568, 64), (375, 667, 64), (375, 812, 128), (390, 844, 125), (393, 852, 137), (402, 874, 140),
        (430, 932, 137), (440, 956, 140),
    ]

    @Test(arguments: phones) func theStateHasAQuarterOfTheScreenAndTheCodeItsWidth(
        _ phone: (width: Double, height: Double, taken: Double)
    ) {
        let height = phone.height - phone.taken
        let layout = ShowLayout(width: phone.width, height: height)
        #expect(layout.field >= phone.height / 4)
        #expect(layout.mark >= 64 && layout.mark < layout.field)
        #expect(layout.code + 2 * layout.frame == phone.width, "the code is as wide as the screen")
        #expect(layout.field + layout.code + 2 * layout.frame <= height, "both are seen at once")
    }

    @Test func aWindowThatIsTooSmallHasNoCodeLargerThanItself() {
        #expect(ShowLayout(width: 320, height: 200).code == 118)
        #expect(ShowLayout(width: 0, height: 0).code == 0)
    }
}
