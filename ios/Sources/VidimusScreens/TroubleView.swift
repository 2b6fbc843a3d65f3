#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// A trouble that leaves no room for anything else, such as a wallet that cannot be opened.
struct TroubleView: View {
    @Environment(\.texts) private var texts
    let story: Story
    let working: Bool
    let driver: any Driver
    var back: (@MainActor () -> Void)?

    var body: some View {
        Page(texts[story.title], back: back) {
            MarkView(story.sign, side: 48)
            Panel { StoryView(story: story) }
            if working { Busy(texts[.commonLoading]) }
            MainButton(texts[story.button], isEnabled: !working) { driver.send(.act(action: story.action)) }
        }
    }
}

/// What is wrong beside all else on a screen, the worst first.
struct Banners: View {
    let stories: [Story]
    let driver: any Driver

    var body: some View {
        ForEach(stories, id: \.trouble) { Banner(story: $0, driver: driver) }
    }
}

/// A trouble in a line, which opens to what is behind it.
private struct Banner: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    @State private var isOpen = false
    let story: Story
    let driver: any Driver

    var body: some View {
        let colors = palette.tone(story.sign.tone)
        VStack(alignment: .leading, spacing: Space.medium) {
            Button {
                isOpen.toggle()
            } label: {
                HStack(spacing: Space.medium) {
                    MarkView(story.sign)
                    Line(texts[story.title], .strong, color: colors.ink)
                    Spacer(minLength: 0)
                    Image(systemName: isOpen ? "chevron.up" : "chevron.down")
                        .foregroundStyle(colors.ink)
                        .accessibilityHidden(true)
                }
                .frame(minHeight: Space.target)
                .contentShape(Rectangle())
            }
            .buttonStyle(.plain)
            .accessibilityHint(isOpen ? "" : texts[story.happened])
            if isOpen {
                StoryView(story: story)
                SideButton(texts[story.button], color: colors.ink) { driver.send(.act(action: story.action)) }
            }
        }
        .padding(.horizontal, Space.medium)
        .padding(.vertical, Space.hair)
        .background(colors.ground, in: RoundedRectangle(cornerRadius: Corner.control))
    }
}

/// What happened, what still holds, what to do.
private struct StoryView: View {
    @Environment(\.texts) private var texts
    let story: Story

    var body: some View {
        chapter(.troubleHappened, story.happened)
        chapter(.troubleHolds, story.holds)
        chapter(.troubleDo, story.toDo)
    }

    private func chapter(_ heading: Word, _ words: Words) -> some View {
        VStack(alignment: .leading, spacing: Space.hair) {
            Text(verbatim: texts[heading]).font(Kind.label.font.bold()).accessibilityAddTraits(.isHeader)
            Line(texts[words])
        }
        .accessibilityElement(children: .combine)
    }
}
#endif
