#if canImport(UIKit)
import SwiftUI
import Vidimus
import VidimusApp
import VidimusShell

/// A code is shown: the QR as large as the screen, right below it the state and its age, which an
/// officer needs at a glance, and then what a driver wants to know. The QR keeps its size with
/// large text; what is below scrolls.
struct LiveView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    @State private var frames = Remembered<FrameID, QRSymbol>()
    let code: LiveCode
    let driver: any Driver

    var body: some View {
        GeometryReader { space in
            ScrollView {
                VStack(spacing: Space.small) {
                    QRView(symbol: symbol, side: min(space.size.width, space.size.height))
                    below
                }
            }
        }
        .navigationTitle(Text(verbatim: texts[.showTitle]))
        .navigationBarTitleDisplayMode(.inline)
        // An officer who holds the phone must not end it by a swipe: only the button does.
        .navigationBarBackButtonHidden()
        .toolbar {
            ToolbarItem(placement: .topBarTrailing) {
                WordButton(texts[.showEnd], symbol: "xmark") { driver.send(.endShow) }
            }
        }
        .background(palette.background)
        .modifier(Guarded())
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
            Status(status: code.status)
            Countdown(code: code)
            if let leftOut = code.statusLeftOut { NoteView(leftOut) }
            Panel {
                Line(code.holder, .heading)
                Divider()
                if let asker = code.audience {
                    Who(asker: asker)
                } else {
                    Point(symbol: "person", text: texts[.showToAnyone])
                }
            }
        }
        .frame(maxWidth: Space.widest)
        .padding(.horizontal, Space.large)
        .padding(.bottom, Space.huge)
    }
}

/// Which frame of which showing.
private struct FrameID: Equatable {
    let showing: UInt64
    let number: UInt64
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
                Line(texts[code.next], .strong)
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
            Circle().stroke(palette.line, lineWidth: 6)
            Circle()
                .trim(from: 0, to: min(1, CGFloat(code.nextInS) / CGFloat(max(1, code.periodS))))
                .rotation(.degrees(-90))
                .stroke(palette.accent, style: StrokeStyle(lineWidth: 6, lineCap: .round))
        }
        .padding(3)
        .frame(width: 48, height: 48)
    }
}
#endif
