#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// Who offers a license, whether that is proven, and the code that takes it.
struct OfferScreen: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let state: OfferState
    let actions: any Actions

    var body: some View {
        Page(texts[.offerTitle], back: { actions.back() }) {
            issuer
            if let refusal = state.refusal { RefusalView(refusal: refusal) }
            if let code = state.code { entry(code) }
            if state.issuing { Busy(texts[.offerIssuing]) }
            MainButton(texts[.offerTake], isEnabled: state.mayTake) { actions.takeOffer() }
        }
    }

    private var issuer: some View {
        Panel {
            Labelled(texts[.offerFrom]) {
                if let name = state.name { Line(name, .heading) }
                CodeLine(state.issuer, state.name == nil ? .strong : .body)
            }
            Proof(isProven: state.proven, text: texts[state.proven ? .offerProven : .offerUnproven])
        }
    }

    private func entry(_ code: CodeField) -> some View {
        Panel {
            Line(code.hint ?? texts[.offerCodeHint])
            Field(
                label: texts[.offerCode],
                text: code.text,
                kind: .digits,
                digits: code.numeric,
                isEnabled: !state.issuing,
                change: { actions.typeCode($0) },
                done: { actions.takeOffer() }
            )
            .privacySensitive()
            if let missing = code.missing, let length = code.length {
                HStack(spacing: Space.small) {
                    if missing == 0 { Mark(.good) }
                    Line(remaining(missing, of: length, code), .label, color: palette.soft)
                }
            }
        }
    }

    private func remaining(_ missing: Int, of length: Int, _ code: CodeField) -> String {
        if missing > 0, missing < length { return texts[.offerCodeMore, "\(missing)"] }
        return code.numeric ? texts[.offerCodeDigits, "\(length)"] : ""
    }
}

/// Whether a name is proven, by shape and sentence.
struct Proof: View {
    let isProven: Bool
    let text: String

    var body: some View {
        NoticeView(isProven ? .good : .caution, text, isNews: false)
    }
}
#endif
