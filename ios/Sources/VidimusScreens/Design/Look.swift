#if canImport(UIKit)
import SwiftUI
import VidimusShell

/// Distances, the same as in the Android app.
package enum Space {
    package static let hair: CGFloat = 4
    package static let small: CGFloat = 8
    package static let medium: CGFloat = 12
    package static let large: CGFloat = 16
    package static let huge: CGFloat = 24
    /// The least side of what a finger must meet.
    package static let target: CGFloat = 48
    /// Lines longer than this are hard to read.
    package static let widest: CGFloat = 560
}

/// How round corners are.
package enum Corner {
    package static let control: CGFloat = 14
    package static let panel: CGFloat = 18
    package static let card: CGFloat = 22
    package static let portrait: CGFloat = 12
    package static let badge: CGFloat = 8
}

/// Kinds of text, in the system's sizes: they grow with what the driver has set.
package enum Kind {
    case state, title, heading, strong, body, label, digits

    package var font: Font {
        switch self {
        case .state: .system(.largeTitle, weight: .heavy)
        case .title: .title.bold()
        case .heading: .title3.bold()
        case .strong: .body.bold()
        case .body: .body
        case .label: .footnote
        case .digits: .title2.bold().monospacedDigit()
        }
    }
}

private struct TextsKey: EnvironmentKey {
    static let defaultValue = Texts(language: .english)
}

private struct PaletteKey: EnvironmentKey {
    static let defaultValue = Palette.light
}

extension EnvironmentValues {
    /// The words in the driver's language.
    package var texts: Texts {
        get { self[TextsKey.self] }
        set { self[TextsKey.self] = newValue }
    }

    /// The colors of the present theme.
    package var palette: Palette {
        get { self[PaletteKey.self] }
        set { self[PaletteKey.self] = newValue }
    }
}

/// Text of the table, or of a license: never a key of a catalogue of Xcode's.
package struct Line: View {
    @Environment(\.palette) private var palette
    private let text: String
    private let kind: Kind
    private let color: Color?

    package init(_ text: String, _ kind: Kind = .body, color: Color? = nil) {
        self.text = text
        self.kind = kind
        self.color = color
    }

    package var body: some View {
        Text(verbatim: text)
            .font(kind.font)
            .foregroundStyle(color ?? palette.ink)
            .fixedSize(horizontal: false, vertical: true)
    }
}

/// Numbers, codes and addresses: from left to right in every language.
package struct CodeLine: View {
    private let text: String
    private let kind: Kind
    private let color: Color?

    package init(_ text: String, _ kind: Kind = .body, color: Color? = nil) {
        self.text = text
        self.kind = kind
        self.color = color
    }

    package var body: some View {
        // Isolated, not forced onto a side: it stands where the line begins, and reads from left to
        // right.
        Line("\u{2066}\(text)\u{2069}", kind, color: color)
    }
}
#endif
