#if canImport(UIKit)
import SwiftUI
import Vidimus
import VidimusApp
import VidimusScreens
import VidimusShell

/// A question for the driver's phone: a QR to scan, which the screen shows brightly, or digits to
/// read out.
struct DoubtView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    @State private var questions = Remembered<UInt64, QRSymbol>()
    let screen: DoubtScreen
    let officer: any Officer

    var body: some View {
        Page(texts[.officerDoubtTitle], back: { officer.send(.back) }, trailing: { EmptyView() }) {
            if let problem = screen.problem { NoteView(problem) }
            Line(texts[screen.hint])
            if screen.asking { Busy(texts[.commonLoading]) }
            if let digits = screen.digits { Digits(digits: digits) }
            if let id = screen.qr { question(id) }
            if let ends = screen.ends { Line(texts[ends], color: palette.soft).monospacedDigit() }
            SideButton(texts[.officerAsk], symbol: "qrcode") { officer.send(.ask) }
            SideButton(texts[.officerAskDigits], symbol: "number") { officer.send(.askByDigits) }
        } foot: {
            MainButton(texts[.officerAskLook], symbol: "qrcode.viewfinder", isEnabled: screen.mayLook) {
                officer.send(.lookForAnswer)
            }
            .frame(maxWidth: Space.widest)
            .padding(.horizontal, Space.large)
            .padding(.vertical, Space.small)
        }
    }

    private func question(_ id: UInt64) -> some View {
        GeometryReader { space in
            QRView(
                symbol: questions.value(of: id) { officer.question(id) },
                side: min(space.size.width, space.size.height), label: .officerDoubtTitle)
        }
        .aspectRatio(1, contentMode: .fit)
        .frame(maxWidth: 400)
        .modifier(Guarded())
        .frame(maxWidth: .infinity)
    }
}

/// Eight digits, which are read out in two halves, and heard digit by digit.
private struct Digits: View {
    let digits: String

    var body: some View {
        CodeLine("\(digits.prefix(4)) \(digits.dropFirst(4))", .state)
            .accessibilityLabel(digits.map(String.init).joined(separator: " "))
    }
}
#endif
