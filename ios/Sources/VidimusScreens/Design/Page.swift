#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// What most screens have in common: a title in the system's bar with its way back, and content
/// that scrolls where text is large.
package struct Page<Trailing: View, Content: View, Foot: View>: View {
    @Environment(\.palette) private var palette
    private let title: String
    private let back: (@MainActor () -> Void)?
    private let trailing: Trailing
    private let content: Content
    private let foot: Foot

    /// - Parameter back: Goes to the screen before; `nil` where there is none. The bar's button and
    ///   a swipe go there by the stack, and VoiceOver's gesture by this.
    package init(
        _ title: String,
        back: (@MainActor () -> Void)?,
        @ViewBuilder trailing: () -> Trailing,
        @ViewBuilder content: () -> Content,
        @ViewBuilder foot: () -> Foot
    ) {
        self.title = title
        self.back = back
        self.trailing = trailing()
        self.content = content()
        self.foot = foot()
    }

    package var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: Space.large) { content }
                .frame(maxWidth: Space.widest, alignment: .leading)
                .padding(.horizontal, Space.large)
                .padding(.bottom, Space.huge)
                .frame(maxWidth: .infinity)
        }
        .scrollDismissesKeyboard(.interactively)
        .safeAreaInset(edge: .bottom, spacing: 0) { foot.background(palette.background) }
        .background(palette.background)
        .navigationTitle(Text(verbatim: title))
        .navigationBarTitleDisplayMode(back == nil ? .large : .inline)
        .navigationBarBackButtonHidden(back == nil)
        .toolbar { ToolbarItemGroup(placement: .topBarTrailing) { trailing } }
        .accessibilityAction(.escape) { back?() }
    }
}

extension Page where Trailing == EmptyView, Foot == EmptyView {
    package init(_ title: String, back: (@MainActor () -> Void)?, @ViewBuilder content: () -> Content) {
        self.init(title, back: back, trailing: { EmptyView() }, content: content, foot: { EmptyView() })
    }
}

extension Page where Foot == EmptyView {
    package init(
        _ title: String,
        back: (@MainActor () -> Void)?,
        @ViewBuilder trailing: () -> Trailing,
        @ViewBuilder content: () -> Content
    ) {
        self.init(title, back: back, trailing: trailing, content: content, foot: { EmptyView() })
    }
}

/// A panel: a ground of its color behind what belongs together.
package struct Panel<Content: View>: View {
    @Environment(\.palette) private var palette
    private let content: Content

    package init(@ViewBuilder content: () -> Content) {
        self.content = content()
    }

    package var body: some View {
        VStack(alignment: .leading, spacing: Space.medium) { content }
            .frame(maxWidth: .infinity, alignment: .leading)
            .padding(Space.large)
            .background(palette.surface, in: RoundedRectangle(cornerRadius: Corner.panel))
    }
}

/// The title of a panel.
package struct Heading: View {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var body: some View {
        Line(text, .heading).accessibilityAddTraits(.isHeader)
    }
}

/// A value under its name.
package struct Labelled<Content: View>: View {
    @Environment(\.palette) private var palette
    private let label: String
    private let content: Content

    package init(_ label: String, @ViewBuilder content: () -> Content) {
        self.label = label
        self.content = content()
    }

    package var body: some View {
        VStack(alignment: .leading, spacing: Space.hair) {
            Line(label, .label, color: palette.soft)
            content
        }
        .accessibilityElement(children: .combine)
    }
}

/// A sentence of a screen that matters, by shape, color and word. What has just happened is spoken
/// at once.
package struct NoteView: View {
    @Environment(\.texts) private var texts
    private let note: Note
    private let isNews: Bool

    package init(_ note: Note, isNews: Bool = true) {
        self.note = note
        self.isNews = isNews
    }

    package var body: some View {
        NoticeView(note.sign, texts[note.words], isNews: isNews)
    }
}

/// The same, of a sentence that is a picture's own.
package struct NoticeView: View {
    @Environment(\.palette) private var palette
    private let sign: Sign
    private let text: String
    private let isNews: Bool

    package init(_ sign: Sign, _ text: String, isNews: Bool = true) {
        self.sign = sign
        self.text = text
        self.isNews = isNews
    }

    package var body: some View {
        let colors = palette.tone(sign.tone)
        HStack(spacing: Space.medium) {
            MarkView(sign)
            Line(text, color: colors.ink)
            Spacer(minLength: 0)
        }
        .padding(Space.medium)
        .background(colors.ground, in: RoundedRectangle(cornerRadius: Corner.control))
        .accessibilityElement(children: .combine)
        .onAppear { if isNews { AccessibilityNotification.Announcement(text).post() } }
        .onChange(of: text) { _, text in
            if isNews { AccessibilityNotification.Announcement(text).post() }
        }
    }
}

/// Something takes its time.
package struct Busy: View {
    @Environment(\.palette) private var palette
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var body: some View {
        HStack(spacing: Space.medium) {
            ProgressView().tint(palette.accent).accessibilityHidden(true)
            Line(text, color: palette.soft)
        }
        .frame(minHeight: Space.target)
        .accessibilityElement(children: .combine)
        .onAppear { AccessibilityNotification.Announcement(text).post() }
    }
}

/// A picture and a sentence.
package struct Point: View {
    @Environment(\.palette) private var palette
    private let symbol: String
    private let text: String

    package init(symbol: String, text: String) {
        self.symbol = symbol
        self.text = text
    }

    package var body: some View {
        HStack(spacing: Space.medium) {
            Image(systemName: symbol).font(.title3).foregroundStyle(palette.accent).accessibilityHidden(true)
            Line(text)
        }
    }
}

/// What the app is known by: a picture on the ground of a document.
package struct Emblem: View {
    @Environment(\.palette) private var palette
    private let symbol: String

    package init(symbol: String = "person.text.rectangle") {
        self.symbol = symbol
    }

    package var body: some View {
        Image(systemName: symbol)
            .font(.largeTitle)
            .foregroundStyle(palette.accent)
            .frame(width: 84, height: 84)
            .background(palette.cardTop, in: RoundedRectangle(cornerRadius: Corner.card))
            .accessibilityHidden(true)
    }
}
#endif
