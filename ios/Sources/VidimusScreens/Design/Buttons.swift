#if canImport(UIKit)
import SwiftUI

/// What a screen is for.
package struct MainButton: View {
    @Environment(\.palette) private var palette
    private let title: String
    private let symbol: String?
    private let isEnabled: Bool
    private let action: @MainActor () -> Void

    package init(
        _ title: String, symbol: String? = nil, isEnabled: Bool = true, action: @escaping @MainActor () -> Void
    ) {
        self.title = title
        self.symbol = symbol
        self.isEnabled = isEnabled
        self.action = action
    }

    package var body: some View {
        Button(action: action) {
            Caption(title: title, symbol: symbol)
                .foregroundStyle(isEnabled ? palette.onAccent : palette.onIdle)
                .frame(maxWidth: .infinity)
        }
        .buttonStyle(.borderedProminent)
        .controlSize(.large)
        .tint(palette.accent)
        .disabled(!isEnabled)
    }
}

/// What may be done besides.
package struct SideButton: View {
    @Environment(\.palette) private var palette
    private let title: String
    private let symbol: String?
    private let color: Color?
    private let isEnabled: Bool
    private let action: @MainActor () -> Void

    package init(
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

    package var body: some View {
        Button(action: action) {
            Caption(title: title, symbol: symbol).frame(maxWidth: .infinity)
        }
        .buttonStyle(.bordered)
        .controlSize(.large)
        .tint(color ?? palette.accent)
        .disabled(!isEnabled)
    }
}

/// A word that can be pressed, without a frame.
package struct WordButton: View {
    @Environment(\.palette) private var palette
    private let title: String
    private let symbol: String?
    private let color: Color?
    private let action: @MainActor () -> Void

    package init(_ title: String, symbol: String? = nil, color: Color? = nil, action: @escaping @MainActor () -> Void) {
        self.title = title
        self.symbol = symbol
        self.color = color
        self.action = action
    }

    package var body: some View {
        Button(action: action) {
            Caption(title: title, symbol: symbol)
                .frame(minWidth: Space.target, minHeight: Space.target)
                .contentShape(Rectangle())
        }
        .buttonStyle(.borderless)
        .tint(color ?? palette.accent)
    }
}

/// A picture that can be pressed; its name is spoken.
package struct SymbolButton: View {
    private let symbol: String
    private let name: String
    private let isEnabled: Bool
    private let action: @MainActor () -> Void

    package init(_ symbol: String, name: String, isEnabled: Bool = true, action: @escaping @MainActor () -> Void) {
        self.symbol = symbol
        self.name = name
        self.isEnabled = isEnabled
        self.action = action
    }

    package var body: some View {
        Button(action: action) {
            Image(systemName: symbol)
                .frame(minWidth: Space.target, minHeight: Space.target)
                .contentShape(Rectangle())
        }
        .disabled(!isEnabled)
        .accessibilityLabel(name)
        .accessibilityShowsLargeContentViewer()
    }
}

/// A picture and a word.
private struct Caption: View {
    let title: String
    let symbol: String?

    var body: some View {
        HStack(spacing: Space.small) {
            if let symbol { Image(systemName: symbol).font(.body.bold()).accessibilityHidden(true) }
            Text(verbatim: title).font(Kind.strong.font).multilineTextAlignment(.center)
        }
        .padding(.vertical, Space.hair)
    }
}
#endif
