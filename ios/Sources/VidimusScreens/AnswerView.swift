#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// An officer asks: first how, then who.
struct AnswerView: View {
    @Environment(\.texts) private var texts
    let screen: AnswerScreen
    let driver: any Driver

    var body: some View {
        Page(texts[.answerTitle], back: { driver.send(.back) }) {
            if let asker = screen.asker {
                Panel {
                    Who(asker: asker)
                    if let license = screen.license { Line(texts[license], .strong) }
                    if !screen.shares.isEmpty { shares }
                }
                if let face = screen.face { FaceButton(isOn: face.on, driver: driver) }
                MainButton(texts[.answerShow], symbol: "qrcode") { driver.send(.answerNow) }
            } else {
                question
            }
        }
    }

    private var shares: some View {
        Labelled(texts[.answerShares]) {
            ForEach(screen.shares, id: \.key) { Line(texts[$0]) }
        }
    }

    @ViewBuilder private var question: some View {
        Line(texts[.answerBody])
        if let problem = screen.problem { NoteView(problem) }
        MainButton(texts[.answerScan], symbol: "qrcode.viewfinder") { driver.send(.scan) }
        Panel {
            FieldView(
                label: texts[.answerDigits],
                field: screen.digits,
                nextEdit: { driver.nextEdit(shown: $0) },
                kind: .digits,
                digits: true,
                type: { driver.send(.typeAnswer(text: $0, edit: $1)) },
                done: { driver.send(.readAnswer) }
            )
            SideButton(texts[.answerRead], isEnabled: screen.mayRead) { driver.send(.readAnswer) }
        }
    }
}

/// Who asks, and whether that is proven: by sentence and shape.
struct Who: View {
    @Environment(\.texts) private var texts
    let asker: Asker

    var body: some View {
        Labelled(texts[.answerAsks]) {
            Line(texts[asker.name], .heading)
        }
        NoteView(asker.proof, isNews: false)
    }
}
#endif
