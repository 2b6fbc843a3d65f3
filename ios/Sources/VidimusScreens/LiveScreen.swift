#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// A code is shown: the QR as large as the screen, right below it the state and its age, which an officer needs at a glance,
/// and then what a driver wants to know. The QR keeps its size with large text; what is below scrolls.
struct LiveScreen: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let code: ShownCode
    let nextIn: Int
    let endsIn: Int
    let actions: any Actions

    var body: some View {
        GeometryReader { space in
            VStack(spacing: 0) {
                HStack {
                    Spacer(minLength: 0)
                    WordButton(texts[.showEnd], symbol: "xmark") { actions.endShow() }
                }
                .frame(minHeight: 56)
                .padding(.horizontal, Space.small)
                ScrollView {
                    VStack(spacing: Space.small) {
                        QRView(symbol: code.symbol, side: min(space.size.width, space.size.height))
                        below
                    }
                }
            }
        }
        .background(palette.background)
        .modifier(Guarded())
        .accessibilityAction(.escape) { actions.endShow() }
    }

    private var below: some View {
        VStack(alignment: .leading, spacing: Space.medium) {
            Status(standing: code.standing)
            Countdown(code: code, nextIn: nextIn, endsIn: endsIn)
            if code.statusLeftOut { NoticeView(.caution, texts[.showNoStatusInside]) }
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

/// How long this code and the whole showing last. Whoever hears the screen hears all of it in this one sentence; nothing is
/// said by itself each second.
private struct Countdown: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let code: ShownCode
    let nextIn: Int
    let endsIn: Int

    var body: some View {
        HStack(spacing: Space.medium) {
            ring
            VStack(alignment: .leading, spacing: 0) {
                Line(texts[.showNewCode, "\(nextIn)"], .strong)
                Line(texts[.showEnds, texts.countdown(endsIn)], .label, color: palette.soft)
            }
            .monospacedDigit()
            Spacer(minLength: 0)
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(texts.spoken(code, nextIn: nextIn))
        .accessibilityAddTraits(.updatesFrequently)
    }

    /// It jumps from second to second: nothing moves that would have to be drawn in between.
    private var ring: some View {
        ZStack {
            Circle().stroke(palette.line, lineWidth: 6)
            Circle()
                .trim(from: 0, to: min(1, CGFloat(nextIn) / 10))
                .rotation(.degrees(-90))
                .stroke(palette.accent, style: StrokeStyle(lineWidth: 6, lineCap: .round))
        }
        .padding(3)
        .frame(width: 48, height: 48)
    }
}
#endif
