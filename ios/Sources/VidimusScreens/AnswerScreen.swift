#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// An officer asks: first how, then who.
struct AnswerScreen: View {
    @Environment(\.texts) private var texts
    let state: AnswerState
    let actions: any Actions

    var body: some View {
        Page(texts[.answerTitle], back: { actions.back() }) {
            if let asker = state.asker {
                Panel { Who(asker: asker) }
                MainButton(texts[.answerShow], symbol: "qrcode") { actions.answerNow() }
            } else {
                question
            }
        }
    }

    @ViewBuilder private var question: some View {
        Line(texts[.answerBody])
        switch state.problem {
        case .malformed: NoticeView(.caution, texts[.answerMalformed])
        case .recorded: NoticeView(.bad, texts[.answerRecorded])
        case nil: EmptyView()
        }
        MainButton(texts[.answerScan], symbol: "qrcode.viewfinder") { actions.scan() }
        Panel {
            Field(
                label: texts[.answerDigits],
                text: state.text,
                kind: .digits,
                digits: true,
                change: { actions.typeAnswer($0) },
                done: { actions.readAnswer() }
            )
            SideButton(texts[.answerRead], isEnabled: !state.text.isEmpty) { actions.readAnswer() }
        }
    }
}

/// Who asks, and whether that is proven: by sentence and shape.
struct Who: View {
    @Environment(\.texts) private var texts
    let asker: Asker

    var body: some View {
        Labelled(texts[.answerAsks]) {
            Line(asker.name ?? texts[.answerByDigits], .heading)
        }
        Proof(isProven: asker.proven, text: texts[asker.proven ? .answerProven : .answerUnproven])
    }
}
#endif
