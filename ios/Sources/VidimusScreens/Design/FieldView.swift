#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// A field for what no one has by heart: links, codes, digits, always from left to right.
///
/// What is typed stands there until the app has heard it, and then what the app makes of it:
/// ``Typing``.
package struct FieldView: View {
    @Environment(\.palette) private var palette
    @Environment(\.texts) private var texts
    @FocusState private var isFocused: Bool
    @State private var typing = Typing()
    private let label: String
    private let field: Field
    private let nextEdit: @MainActor (UInt64) -> UInt64
    private let kind: Kind
    private let digits: Bool
    private let isOneTimeCode: Bool
    private let isEnabled: Bool
    private let type: @MainActor (String, UInt64) -> Void
    private let done: @MainActor () -> Void

    /// - Parameters:
    ///   - nextEdit: The number for what is typed next, above that of the screen's field.
    ///   - isOneTimeCode: Whether the phone offers what came by message, and the keyboard is there
    ///     at once.
    ///   - type: Takes all of the text, and its number.
    package init(
        label: String,
        field: Field,
        nextEdit: @escaping @MainActor (UInt64) -> UInt64,
        kind: Kind = .body,
        digits: Bool = false,
        isOneTimeCode: Bool = false,
        isEnabled: Bool = true,
        type: @escaping @MainActor (String, UInt64) -> Void,
        done: @escaping @MainActor () -> Void
    ) {
        self.label = label
        self.field = field
        self.nextEdit = nextEdit
        self.kind = kind
        self.digits = digits
        self.isOneTimeCode = isOneTimeCode
        self.isEnabled = isEnabled
        self.type = type
        self.done = done
    }

    package var body: some View {
        VStack(alignment: .leading, spacing: Space.hair) {
            // The field itself says its name.
            Line(label, .label, color: palette.soft).accessibilityHidden(true)
            TextField(label, text: text)
                .font(kind.font)
                .foregroundStyle(palette.ink)
                .keyboardType(digits ? .numberPad : .asciiCapable)
                .textContentType(isOneTimeCode ? .oneTimeCode : nil)
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
                .toolbar { keyboardBar }
                .onAppear { if isOneTimeCode, isEnabled, field.text.isEmpty { isFocused = true } }
        }
    }

    /// A number pad has no key that closes it.
    private var keyboardBar: some ToolbarContent {
        ToolbarItemGroup(placement: .keyboard) {
            if isFocused {
                Spacer()
                Button(texts[.commonDone]) { isFocused = false }
            }
        }
    }

    private var text: Binding<String> {
        Binding { @MainActor in
            typing.text(over: field)
        } set: { @MainActor text in
            take(text)
        }
    }

    /// SwiftUI also writes what stands there already, such as when the field gets the keyboard.
    private func take(_ text: String) {
        guard text != typing.text(over: field) else { return }
        let edit = nextEdit(field.edit)
        typing.type(text, edit: edit)
        type(text, edit)
    }

    private var frame: some View {
        RoundedRectangle(cornerRadius: Corner.control)
            .strokeBorder(isFocused ? palette.accent : palette.outline, lineWidth: isFocused ? 3 : 1.5)
    }
}
#endif
