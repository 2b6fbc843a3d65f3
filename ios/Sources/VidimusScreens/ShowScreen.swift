#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// A license that is shown, or about to be, or was.
struct ShowScreen: View {
    @Environment(\.texts) private var texts
    let state: ShowState
    let actions: any Actions

    var body: some View {
        switch state {
        case .live(let code, let nextIn, let endsIn):
            LiveScreen(code: code, nextIn: nextIn, endsIn: endsIn, actions: actions)
        case .failed(let trouble):
            TroubleScreen(trouble: trouble, working: false, actions: actions, back: { actions.back() })
        case .unlocking: around("lock") { Busy(texts[.showUnlocking]) }
        case .starting: around("qrcode") { Busy(texts[.showStarting]) }
        case .locked(let outcome): around("lock") { locked(outcome) }
        case .over(let byItself): around("qrcode") { over(byItself) }
        case .tooLate: around("qrcode") { Line(texts[.showTooLate]) }
        }
    }

    /// What the phases before and after have in common.
    private func around<Content: View>(_ symbol: String, @ViewBuilder content: () -> Content) -> some View {
        Page(texts[.showTitle], back: { actions.back() }) {
            Emblem(symbol: symbol)
            content()
        }
    }

    @ViewBuilder private func locked(_ outcome: LockOutcome) -> some View {
        switch outcome {
        case .noLock:
            NoticeView(.bad, texts[.showNoLock])
            MainButton(texts[TroubleAction.setLock.word]) { actions.act(.setLock) }
        case .cancelled:
            NoticeView(.unknown, texts[.showCancelled])
            unlock
        case .failed:
            NoticeView(.caution, texts[.showFailed])
            unlock
        // It is open: the first code comes in a moment.
        case .opened: Busy(texts[.showStarting])
        }
    }

    private var unlock: some View {
        MainButton(texts[.showUnlock], symbol: "lock") { actions.show() }
    }

    @ViewBuilder private func over(_ byItself: Bool) -> some View {
        if byItself { Line(texts[.showOver]) }
        Line(texts[.showEnded])
        MainButton(texts[.showAgain], symbol: "qrcode") { actions.show() }
    }
}
#endif
