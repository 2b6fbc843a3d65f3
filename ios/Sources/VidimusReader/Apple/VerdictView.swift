#if canImport(UIKit)
import SwiftUI
import UIKit
import VidimusApp
import VidimusScreens
import VidimusShell

/// What is to be thought of a license, in the color of its tone from edge to edge: one word with its
/// shape, then the face beside the name, and why, with what to do now. The camera goes on until the
/// face is whole.
struct VerdictView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    @State private var chime = ChimePlayer()
    let screen: VerdictScreen
    let officer: any Officer
    let camera: Camera?

    var body: some View {
        let colors = palette.tone(screen.sign.tone)
        GeometryReader { space in
            ScrollView {
                VStack(alignment: .leading, spacing: Space.large) {
                    VerdictField(screen: screen)
                        .frame(maxWidth: .infinity, minHeight: space.size.height * 0.36, alignment: .leading)
                    Person(screen: screen, officer: officer, camera: camera)
                    if !screen.reasons.isEmpty { Reasons(rows: screen.reasons) }
                    ForEach(Array(screen.notes.indices), id: \.self) { NoteView(screen.notes[$0], isNews: false) }
                    if screen.clock != nil || screen.firstSeen != nil { times }
                    if let holder = screen.holder { Details(holder: holder) }
                }
                .frame(maxWidth: Space.widest, alignment: .leading)
                .padding(.horizontal, Space.large)
                .padding(.bottom, Space.huge)
                .frame(maxWidth: .infinity)
            }
        }
        .background(colors.field)
        .safeAreaInset(edge: .bottom, spacing: 0) { foot }
        .navigationTitle(Text(verbatim: texts[screen.word]))
        .navigationBarTitleDisplayMode(.inline)
        .toolbar {
            ToolbarItem(placement: .topBarTrailing) {
                if let isLit = screen.torch { TorchButton(isLit: isLit, officer: officer, camera: camera) }
            }
        }
        .accessibilityAction(.escape) { officer.send(.back) }
        .onChange(of: screen.announcement, initial: true) { _, announcement in tell(announcement) }
    }

    private var times: some View {
        Panel {
            if let clock = screen.clock { Line(texts[clock]) }
            if let firstSeen = screen.firstSeen { Line(texts[firstSeen]) }
        }
    }

    private var foot: some View {
        VStack(spacing: Space.small) {
            MainButton(texts[.officerNext], symbol: "qrcode.viewfinder") { officer.send(.check) }
            SideButton(texts[.officerAsk], symbol: "text.bubble") { officer.send(.ask) }
            SideButton(texts[.officerAskDigits], symbol: "number") { officer.send(.askByDigits) }
        }
        .frame(maxWidth: Space.widest)
        .padding(.horizontal, Space.large)
        .padding(.vertical, Space.small)
        .frame(maxWidth: .infinity)
        .background(palette.background)
    }

    /// By sound, speech and touch: an officer looks at the driver.
    private func tell(_ announcement: UInt64) {
        guard officer.tells(announcement) else { return }
        AccessibilityNotification.Announcement(texts[screen.spoken]).post()
        chime.play(screen.sign.tone)
        let kind: UINotificationFeedbackGenerator.FeedbackType =
            switch screen.sign.tone {
            case .good: .success
            case .caution, .unknown: .warning
            case .bad: .error
            }
        UINotificationFeedbackGenerator().notificationOccurred(kind)
    }
}

/// The word, and below it how the license stands, with the age of what says so.
private struct VerdictField: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    @Environment(\.dynamicTypeSize) private var size
    let screen: VerdictScreen

    var body: some View {
        let colors = palette.tone(screen.sign.tone)
        VStack(alignment: .leading, spacing: Space.small) {
            Group {
                if size.isAccessibilitySize {
                    VStack(alignment: .leading, spacing: Space.medium) { word }
                } else {
                    HStack(spacing: Space.large) { word }
                }
            }
            .accessibilityElement(children: .ignore)
            .accessibilityLabel(texts[screen.spoken])
            .accessibilityAddTraits(.isHeader)
            if let standing = screen.standing {
                Line(texts[standing.state], .heading, color: colors.onField)
                if let age = standing.age { Line(texts[age], .strong, color: colors.onField) }
                if let asOf = standing.asOf { Line(texts[asOf], .label, color: colors.onField) }
                if let source = screen.source { Line(texts[source], .label, color: colors.onField) }
            }
        }
        .padding(.vertical, Space.large)
    }

    @ViewBuilder private var word: some View {
        MarkView(screen.sign, side: 112, grows: false, onField: true)
        Line(texts[screen.word], .state, color: palette.tone(screen.sign.tone).onField)
    }
}

/// The face, as large as there is room, and the name below it.
private struct Person: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let screen: VerdictScreen
    let officer: any Officer
    let camera: Camera?

    var body: some View {
        Panel {
            face
            if let hint = screen.faceHint { Line(texts[hint]) }
            if let holder = screen.holder {
                Line(holder.name, .heading)
                Labelled(texts[.licenseNumber]) { CodeLine(holder.number, .strong) }
            }
            if let authority = screen.authority { Line(authority, .label, color: palette.soft) }
        }
        .privacySensitive()
    }

    @ViewBuilder private var face: some View {
        switch screen.face {
        case .picture(let id):
            Face(portrait: id, height: 280, picture: { officer.picture($0) })
                .frame(maxWidth: .infinity)
            Line(texts[.officerFace], .label, color: palette.soft)
        case .ring(let read, let count): reading(Double(read) / Double(max(1, count)))
        case .awaited: reading(0)
        // The camera may still look for a better code of the same license.
        case .none: EmptyView()
        }
    }

    /// What the camera sees stays small, beside how much of the face was read.
    private func reading(_ part: Double) -> some View {
        HStack(spacing: Space.large) {
            if screen.torch != nil {
                Lens(camera: camera)
                    .frame(width: 132, height: 176)
                    .clipShape(RoundedRectangle(cornerRadius: Corner.portrait))
                    .accessibilityHidden(true)
            }
            Ring(part: part)
            Spacer(minLength: 0)
        }
    }
}

/// How much of a whole is there. It says nothing: the sentence below does.
private struct Ring: View {
    @Environment(\.palette) private var palette
    let part: Double

    var body: some View {
        ZStack {
            Circle().stroke(palette.line, lineWidth: 10)
            Circle()
                .trim(from: 0, to: min(1, CGFloat(part)))
                .rotation(.degrees(-90))
                .stroke(palette.accent, style: StrokeStyle(lineWidth: 10, lineCap: .round))
            Image(systemName: "person.fill").font(.largeTitle).foregroundStyle(palette.outline)
        }
        .padding(Space.small)
        .frame(width: 120, height: 120)
        .accessibilityHidden(true)
    }
}

/// Why the verdict is what it is, each with what to do now.
private struct Reasons: View {
    @Environment(\.texts) private var texts
    let rows: [ReasonRow]

    var body: some View {
        Panel {
            Heading(texts[.officerReasons])
            ForEach(Array(rows.indices), id: \.self) { index in
                if index > 0 { Divider() }
                HStack(alignment: .top, spacing: Space.medium) {
                    MarkView(rows[index].sign)
                    VStack(alignment: .leading, spacing: Space.hair) {
                        Line(texts[rows[index].words], .strong)
                        Line(texts[rows[index].whatToDo])
                    }
                    Spacer(minLength: 0)
                }
                .accessibilityElement(children: .combine)
            }
        }
    }
}
#endif
