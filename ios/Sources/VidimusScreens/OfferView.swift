#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// Who offers a license, whether that is proven, and the code that takes it.
struct OfferView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let screen: OfferScreen
    let driver: any Driver

    var body: some View {
        Page(texts[.offerTitle], back: { driver.send(.back) }) {
            issuer
            if let refusal = screen.refusal { NoteView(refusal) }
            if screen.wantsLock {
                SideButton(texts[.actionLock], symbol: "lock") { driver.send(.act(action: .setLock)) }
            }
            if let code = screen.code { entry(code) }
            if screen.issuing { Busy(texts[.offerIssuing]) }
            MainButton(texts[.offerTake], isEnabled: screen.mayTake) { driver.send(.takeOffer) }
        }
    }

    private var issuer: some View {
        Panel {
            Labelled(texts[.offerFrom]) {
                if let name = screen.name { Line(name, .heading) }
                CodeLine(screen.issuer, screen.name == nil ? .strong : .body)
            }
            NoteView(screen.proof, isNews: false)
        }
    }

    private func entry(_ code: CodeField) -> some View {
        Panel {
            Line(texts[code.hint])
            // The issuer's own words, not translated, beside ours.
            if let hint = code.issuerHint { Line(hint, .label, color: palette.soft) }
            FieldView(
                label: texts[.offerCode],
                field: code.field,
                nextEdit: { driver.nextEdit(shown: $0) },
                kind: .digits,
                digits: code.numeric,
                isOneTimeCode: true,
                isEnabled: !screen.issuing,
                type: { driver.send(.typeCode(text: $0, edit: $1)) },
                done: { driver.send(.takeOffer) }
            )
            .privacySensitive()
            if let length = code.length {
                HStack(spacing: Space.small) {
                    if length.complete { MarkView(.good) }
                    if let words = length.words { Line(texts[words], .label, color: palette.soft) }
                }
            }
        }
    }
}
#endif
