#if canImport(UIKit)
import SwiftUI
import Vidimus
import VidimusApp
import VidimusShell

/// A code is shown: the state in a field of its color, the QR in a frame of it, and right below
/// whose license it is, which an officer compares with the face in front. Field and QR keep their
/// sizes with large text (``ShowLayout``); what is below scrolls.
struct LiveView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    @State private var frames = Remembered<FrameID, QRSymbol>()
    let code: LiveCode
    let driver: any Driver

    var body: some View {
        GeometryReader { space in
            let layout = ShowLayout(width: space.size.width, height: space.size.height)
            let colors = palette.tone(code.status.sign.tone)
            ScrollView {
                VStack(spacing: 0) {
                    StateField(status: code.status, now: texts[code.now], mark: layout.mark)
                        .frame(maxWidth: .infinity, minHeight: layout.field)
                        .background(colors.field)
                    QRView(symbol: symbol, side: layout.code)
                        .padding(layout.frame)
                        .frame(maxWidth: .infinity)
                        .background(colors.field)
                    below
                }
            }
        }
        .background(palette.background)
        .modifier(Guarded())
        .navigationTitle(Text(verbatim: texts[.showTitle]))
        .navigationBarTitleDisplayMode(.inline)
        // An officer who holds the phone must not end it by a swipe: only the button does.
        .navigationBarBackButtonHidden()
        .toolbar {
            ToolbarItem(placement: .topBarTrailing) {
                WordButton(texts[.showEnd], symbol: "xmark") { driver.send(.endShow) }
            }
        }
        .accessibilityAction(.escape) { driver.send(.endShow) }
    }

    /// The screen is drawn anew each second of the countdown, and its picture is another one only
    /// with the frame.
    private var symbol: QRSymbol? {
        frames.value(of: FrameID(showing: code.showing, number: code.frame)) {
            driver.frame(of: code.showing, number: code.frame)
        }
    }

    private var below: some View {
        VStack(alignment: .leading, spacing: Space.medium) {
            Person(code: code, driver: driver)
            Countdown(code: code)
            if let isOn = code.face.isOn { FaceButton(isOn: isOn, driver: driver) }
            if let leftOut = code.statusLeftOut { NoteView(leftOut) }
            Panel {
                if let asker = code.audience {
                    Who(asker: asker)
                } else {
                    Point(symbol: "person", text: texts[.showToAnyone])
                }
            }
        }
        .frame(maxWidth: Space.widest)
        .padding(Space.large)
    }
}

/// Shows the driver's face in turn with the code, or no longer.
struct FaceButton: View {
    @Environment(\.texts) private var texts
    let isOn: Bool
    let driver: any Driver

    var body: some View {
        SideButton(texts[isOn ? .showFaceOff : .showFaceOn], symbol: "person.crop.square") {
            driver.send(.showFace(on: !isOn))
        }
    }
}

/// Which frame of which showing.
private struct FrameID: Equatable {
    let showing: UInt64
    let number: UInt64
}

/// The state as the largest word of the screen, with its mark and the two times: when the state was
/// signed, and now.
private struct StateField: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let status: CardStatus
    let now: String
    let mark: CGFloat

    var body: some View {
        let colors = palette.tone(status.sign.tone)
        let word = texts[status.state]
        HStack(spacing: Space.large) {
            MarkView(status.sign, side: mark, grows: false, onField: true)
            VStack(alignment: .leading, spacing: Space.hair) {
                Text(verbatim: word)
                    .font(Kind.state.font)
                    .foregroundStyle(colors.onField)
                    .lineLimit(2)
                    .minimumScaleFactor(0.6)
                if let age = status.age { Line(texts[age], .strong, color: colors.onField) }
                if let asOf = status.asOf { Line(texts[asOf], .label, color: colors.onField) }
                CodeLine(now, .digits, color: colors.onField).accessibilityHidden(true)
            }
            Spacer(minLength: 0)
        }
        .padding(Space.large)
        // The field has its size; beyond this the words would push the code off the screen. The
        // sentence below grows with all sizes.
        .dynamicTypeSize(...DynamicTypeSize.accessibility1)
        .accessibilityElement(children: .combine)
        .onChange(of: word) { _, word in AccessibilityNotification.Announcement(word).post() }
    }
}

/// Whose license it is: the face, the name, the number, and what may be driven.
private struct Person: View {
    @Environment(\.texts) private var texts
    let code: LiveCode
    let driver: any Driver

    var body: some View {
        HStack(alignment: .top, spacing: Space.large) {
            if code.portrait != nil { Face(portrait: code.portrait, height: 150, picture: { driver.picture($0) }) }
            VStack(alignment: .leading, spacing: Space.small) {
                Line(code.holder, .heading)
                Labelled(texts[.licenseNumber]) { CodeLine(code.number, .strong) }
                if !code.categories.isEmpty {
                    Labelled(texts[.licenseCategories]) {
                        CodeLine(code.categories.joined(separator: "  "), .strong)
                    }
                }
            }
            Spacer(minLength: 0)
        }
        .privacySensitive()
    }
}

/// How long this code and the whole showing last. Anyone who hears the screen hears all of it in
/// this one sentence; nothing is said by itself each second.
private struct Countdown: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let code: LiveCode

    var body: some View {
        HStack(spacing: Space.medium) {
            ring
            VStack(alignment: .leading, spacing: 0) {
                Line(texts[code.next], .label)
                Line(texts[code.ends], .label, color: palette.soft)
            }
            .monospacedDigit()
            Spacer(minLength: 0)
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(texts[code.spoken])
        .accessibilityAddTraits(.updatesFrequently)
    }

    /// It jumps from second to second: nothing moves that would have to be drawn in between.
    private var ring: some View {
        ZStack {
            Circle().stroke(palette.line, lineWidth: 4)
            Circle()
                .trim(from: 0, to: min(1, CGFloat(code.nextInS) / CGFloat(max(1, code.periodS))))
                .rotation(.degrees(-90))
                .stroke(palette.accent, style: StrokeStyle(lineWidth: 4, lineCap: .round))
        }
        .padding(2)
        .frame(width: 28, height: 28)
    }
}
#endif
