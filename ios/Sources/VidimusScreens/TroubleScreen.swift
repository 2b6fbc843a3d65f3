#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// A trouble that leaves no room for anything else, such as a wallet that cannot be opened.
struct TroubleScreen: View {
    @Environment(\.texts) private var texts
    let trouble: Trouble
    let working: Bool
    let actions: any Actions
    var back: (@MainActor () -> Void)?

    var body: some View {
        Page(texts[trouble.title], back: back) {
            Mark(trouble.tone, side: 48)
            Panel { Story(trouble: trouble) }
            if working { Busy(texts[.commonLoading]) }
            MainButton(texts[trouble.action.word], isEnabled: !working) { actions.act(trouble.action) }
        }
    }
}

/// A trouble in a line, which opens to what is behind it.
struct Banner: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    @State private var isOpen = false
    let trouble: Trouble
    let actions: any Actions

    var body: some View {
        let colors = palette.tone(trouble.tone)
        VStack(alignment: .leading, spacing: Space.medium) {
            Button {
                isOpen.toggle()
            } label: {
                HStack(spacing: Space.medium) {
                    Mark(trouble.tone)
                    Line(texts[trouble.title], .strong, color: colors.ink)
                    Spacer(minLength: 0)
                    Image(systemName: isOpen ? "chevron.up" : "chevron.down")
                        .foregroundStyle(colors.ink)
                        .accessibilityHidden(true)
                }
                .frame(minHeight: Space.target)
                .contentShape(Rectangle())
            }
            .buttonStyle(.plain)
            .accessibilityHint(isOpen ? "" : texts[trouble.happened])
            if isOpen {
                Story(trouble: trouble)
                SideButton(texts[trouble.action.word], color: colors.ink) { actions.act(trouble.action) }
            }
        }
        .padding(.horizontal, Space.medium)
        .padding(.vertical, Space.hair)
        .background(colors.ground, in: RoundedRectangle(cornerRadius: Corner.control))
    }
}

/// What happened, what still holds, what to do.
struct Story: View {
    @Environment(\.texts) private var texts
    let trouble: Trouble

    var body: some View {
        chapter(.troubleHappened, trouble.happened)
        chapter(.troubleHolds, trouble.holds)
        chapter(.troubleDo, trouble.toDo)
    }

    private func chapter(_ heading: Word, _ text: Word) -> some View {
        VStack(alignment: .leading, spacing: Space.hair) {
            Text(verbatim: texts[heading]).font(Kind.label.font.bold()).accessibilityAddTraits(.isHeader)
            Line(texts[text])
        }
        .accessibilityElement(children: .combine)
    }
}
#endif
