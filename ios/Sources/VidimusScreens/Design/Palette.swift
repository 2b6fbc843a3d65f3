#if canImport(UIKit)
import SwiftUI
import VidimusApp

/// The colors of a theme: the same values as in the Android app, where their contrasts are computed
/// by a test.
package struct Palette: Sendable {
    /// The color behind everything.
    package let background: Color
    /// The color of panels on the background.
    package let surface: Color
    /// The color of text.
    package let ink: Color
    /// The color of text that matters less.
    package let soft: Color
    /// Between rows; nothing hangs on seeing it.
    package let line: Color
    /// Around fields and buttons.
    package let outline: Color
    /// Of what can be done.
    package let accent: Color
    package let onAccent: Color
    /// Of what cannot be done now.
    package let idle: Color
    package let onIdle: Color
    /// The license's card, from its upper to its lower edge.
    package let cardTop: Color
    package let cardBottom: Color
    private let good: ToneColors
    private let caution: ToneColors
    private let bad: ToneColors
    private let unknown: ToneColors

    /// A tone's colors of text and of its ground.
    package func tone(_ tone: Tone) -> ToneColors {
        switch tone {
        case .good: good
        case .caution: caution
        case .bad: bad
        case .unknown: unknown
        }
    }

    /// That of a color scheme.
    package static func of(_ scheme: ColorScheme) -> Palette {
        switch scheme {
        case .light: light
        case .dark: dark
        }
    }

    package static let light = Palette(
        background: Color(hex: 0xF3F5F2),
        surface: Color(hex: 0xFFFFFF),
        ink: Color(hex: 0x12211D),
        soft: Color(hex: 0x46554F),
        line: Color(hex: 0xDCE3DF),
        outline: Color(hex: 0x6A7973),
        accent: Color(hex: 0x0B5A54),
        onAccent: Color(hex: 0xFFFFFF),
        idle: Color(hex: 0xDDE3E0),
        onIdle: Color(hex: 0x4C5A55),
        cardTop: Color(hex: 0xD9ECE7),
        cardBottom: Color(hex: 0xF6EFDD),
        good: ToneColors(ink: Color(hex: 0x0B6038), ground: Color(hex: 0xDDF2E4), on: .good),
        caution: ToneColors(ink: Color(hex: 0x704400), ground: Color(hex: 0xFDEDC8), on: .caution),
        bad: ToneColors(ink: Color(hex: 0x9B1420), ground: Color(hex: 0xFBE3E1), on: .bad),
        unknown: ToneColors(ink: Color(hex: 0x36456B), ground: Color(hex: 0xE4E9F5), on: .unknown)
    )

    package static let dark = Palette(
        background: Color(hex: 0x0D1412),
        surface: Color(hex: 0x18211E),
        ink: Color(hex: 0xE9F1ED),
        soft: Color(hex: 0xA9BAB3),
        line: Color(hex: 0x2A3632),
        outline: Color(hex: 0x7E908A),
        accent: Color(hex: 0x83D8CC),
        onAccent: Color(hex: 0x06302C),
        idle: Color(hex: 0x26302D),
        onIdle: Color(hex: 0xA3B2AC),
        cardTop: Color(hex: 0x1A4741),
        cardBottom: Color(hex: 0x1C3245),
        good: ToneColors(ink: Color(hex: 0x86E0AC), ground: Color(hex: 0x123423), on: .good),
        caution: ToneColors(ink: Color(hex: 0xFFCC70), ground: Color(hex: 0x3A2B0C), on: .caution),
        bad: ToneColors(ink: Color(hex: 0xFFA69F), ground: Color(hex: 0x43191C), on: .bad),
        unknown: ToneColors(ink: Color(hex: 0xBECBEA), ground: Color(hex: 0x232D45), on: .unknown)
    )
}

/// A tone's color of text and shape, and its ground; and of the field that an officer sees from
/// afar, which is the same by day and by night.
package struct ToneColors: Sendable {
    package let ink: Color
    package let ground: Color
    package let field: Color
    package let onField: Color

    fileprivate init(ink: Color, ground: Color, on field: ToneField) {
        self.ink = ink
        self.ground = ground
        self.field = field.color
        onField = field.ink
    }
}

private struct ToneField: Sendable {
    let color: Color
    let ink: Color

    static let good = ToneField(color: Color(hex: 0x8FDDB0), ink: Color(hex: 0x04351F))
    static let caution = ToneField(color: Color(hex: 0xFFC94D), ink: Color(hex: 0x402600))
    static let bad = ToneField(color: Color(hex: 0xA5121F), ink: Color(hex: 0xFFFFFF))
    static let unknown = ToneField(color: Color(hex: 0x46557A), ink: Color(hex: 0xFFFFFF))
}

extension Color {
    /// Red, green and blue, each a byte.
    fileprivate init(hex: UInt32) {
        func part(_ shift: UInt32) -> Double { Double((hex >> shift) & 0xFF) / 255 }
        self.init(.sRGB, red: part(16), green: part(8), blue: part(0))
    }
}
#endif
