#if canImport(UIKit)
import SwiftUI

/// What a screen is for.
struct MainButton: View {
    @Environment(\.palette) private var palette
    private let title: String
    private let symbol: String?
    private let isEnabled: Bool
    private let action: @MainActor () -> Void

    init(_ title: String, symbol: String? = nil, isEnabled: Bool = true, action: @escaping @MainActor () -> Void) {
        self.title = title
        self.symbol = symbol
        self.isEnabled = isEnabled
        self.action = action
    }

    var body: some View {
        let (front, ground) = isEnabled ? (palette.onAccent, palette.accent) : (palette.onIdle, palette.idle)
        Button(action: action) {
            Caption(title: title, symbol: symbol, color: front)
                .frame(maxWidth: .infinity, minHeight: 52)
                .background(ground, in: RoundedRectangle(cornerRadius: Corner.control))
        }
        .buttonStyle(.plain)
        .disabled(!isEnabled)
    }
}

/// What may be done besides.
struct SideButton: View {
    @Environment(\.palette) private var palette
    private let title: String
    private let symbol: String?
    private let color: Color?
    private let isEnabled: Bool
    private let action: @MainActor () -> Void

    init(
        _ title: String,
        symbol: String? = nil,
        color: Color? = nil,
        isEnabled: Bool = true,
        action: @escaping @MainActor () -> Void
    ) {
        self.title = title
        self.symbol = symbol
        self.color = color
        self.isEnabled = isEnabled
        self.action = action
    }

    var body: some View {
        let front = isEnabled ? color ?? palette.accent : palette.soft
        Button(action: action) {
            Caption(title: title, symbol: symbol, color: front)
                .frame(maxWidth: .infinity, minHeight: 52)
                .overlay { RoundedRectangle(cornerRadius: Corner.control).strokeBorder(front, lineWidth: 1.5) }
                .contentShape(RoundedRectangle(cornerRadius: Corner.control))
        }
        .buttonStyle(.plain)
        .disabled(!isEnabled)
    }
}

/// A word that can be pressed, without a frame.
struct WordButton: View {
    @Environment(\.palette) private var palette
    private let title: String
    private let symbol: String?
    private let color: Color?
    private let action: @MainActor () -> Void

    init(_ title: String, symbol: String? = nil, color: Color? = nil, action: @escaping @MainActor () -> Void) {
        self.title = title
        self.symbol = symbol
        self.color = color
        self.action = action
    }

    var body: some View {
        Button(action: action) {
            Caption(title: title, symbol: symbol, color: color ?? palette.accent)
                .frame(minWidth: Space.target, minHeight: Space.target)
                .contentShape(Rectangle())
        }
        .buttonStyle(.plain)
    }
}

/// A picture that can be pressed; its name is spoken.
struct SymbolButton: View {
    @Environment(\.palette) private var palette
    private let symbol: String
    private let name: String
    private let isEnabled: Bool
    private let action: @MainActor () -> Void

    init(_ symbol: String, name: String, isEnabled: Bool = true, action: @escaping @MainActor () -> Void) {
        self.symbol = symbol
        self.name = name
        self.isEnabled = isEnabled
        self.action = action
    }

    var body: some View {
        Button(action: action) {
            Image(systemName: symbol)
                .font(.title3.bold())
                .foregroundStyle(isEnabled ? palette.accent : palette.soft)
                .frame(minWidth: Space.target, minHeight: Space.target)
                .contentShape(Rectangle())
        }
        .buttonStyle(.plain)
        .disabled(!isEnabled)
        .accessibilityLabel(name)
        .accessibilityShowsLargeContentViewer()
    }
}

/// A picture and a word.
private struct Caption: View {
    let title: String
    let symbol: String?
    let color: Color

    var body: some View {
        HStack(spacing: Space.small) {
            if let symbol { Image(systemName: symbol).font(.body.bold()).accessibilityHidden(true) }
            Text(verbatim: title).font(Kind.strong.font).multilineTextAlignment(.center)
        }
        .foregroundStyle(color)
        .padding(.horizontal, Space.large)
        .padding(.vertical, Space.small)
    }
}
#endif
