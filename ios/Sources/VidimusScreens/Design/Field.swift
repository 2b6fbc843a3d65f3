#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// A field for what nobody has by heart: links, codes, digits, always from left to right.
///
/// The text is the state's: what is typed goes to the model, and what the model makes of it stands here.
struct Field: View {
    @Environment(\.palette) private var palette
    @FocusState private var isFocused: Bool
    let label: String
    let text: String
    var kind = Kind.body
    var digits = false
    var isEnabled = true
    let change: @MainActor (String) -> Void
    let done: @MainActor () -> Void

    /// What stands in the field; it may be ahead of the state for a moment.
    @State private var typed = ""
    @State private var latest = Latest()

    var body: some View {
        VStack(alignment: .leading, spacing: Space.hair) {
            // The field itself says its name.
            Line(label, .label, color: palette.soft).accessibilityHidden(true)
            TextField(label, text: $typed)
                .font(kind.font)
                .foregroundStyle(palette.ink)
                .keyboardType(digits ? .numberPad : .asciiCapable)
                .textInputAutocapitalization(.never)
                .autocorrectionDisabled()
                .submitLabel(.done)
                .onSubmit(done)
                .focused($isFocused)
                .disabled(!isEnabled)
                .environment(\.layoutDirection, .leftToRight)
                .padding(.horizontal, Space.large)
                .frame(minHeight: 52)
                .background(palette.surface, in: RoundedRectangle(cornerRadius: Corner.control))
                .overlay { frame }
                .accessibilityLabel(label)
        }
        .onChange(of: text, initial: true) { _, text in
            latest.text = text
            typed = text
        }
        .onChange(of: typed) { _, typed in
            if typed != latest.text { change(typed) }
        }
        .task(id: typed) {
            // The model has a moment to take what was typed; then its word is the last. Whoever goes on typing begins anew.
            guard (try? await Task.sleep(for: .milliseconds(200))) != nil else { return }
            if typed != latest.text { typed = latest.text }
        }
    }

    private var frame: some View {
        RoundedRectangle(cornerRadius: Corner.control)
            .strokeBorder(isFocused ? palette.accent : palette.outline, lineWidth: isFocused ? 3 : 1.5)
    }
}

/// What the state says now, for what was begun while it said something else.
@MainActor private final class Latest {
    var text = ""
}
#endif
