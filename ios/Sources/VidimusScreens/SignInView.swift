#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// Whose page the browser has, what is waited for, and why.
struct SignInView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let screen: SignInScreen
    let driver: any Driver

    var body: some View {
        Page(texts[.signInTitle], back: { driver.send(.back) }) {
            Panel {
                Labelled(texts[.signInWith]) { CodeLine(screen.authority, .strong) }
            }
            if let refusal = screen.refusal { NoteView(refusal) }
            if screen.wantsLock {
                SideButton(texts[.actionLock], symbol: "lock") { driver.send(.act(action: .setLock)) }
            }
            ForEach(Array(screen.told.enumerated()), id: \.offset) { index, words in
                if index == 0 && screen.working { Busy(texts[words]) } else { Line(texts[words]) }
            }
            if let until = screen.until { Line(texts[until], color: palette.soft) }
            if let button = screen.button { MainButton(texts[button]) { driver.send(.signIn) } }
            if screen.mayCancel { SideButton(texts[.signInCancel]) { driver.send(.cancelSignIn) } }
        }
    }
}

/// What was applied for and has not come: how far it is, and what may be done.
struct Applications: View {
    @Environment(\.texts) private var texts
    let cards: [ApplicationCard]
    let driver: any Driver

    var body: some View {
        ForEach(cards, id: \.id) { card in
            Panel {
                NoteView(card.stage)
                ForEach(Array(card.told.enumerated()), id: \.offset) { _, words in Line(texts[words]) }
                // The clerk's own words, not translated.
                if let says = card.authoritySays { Labelled(texts[.applicationSays]) { Line(says) } }
                if card.asking { Busy(texts[.applicationAsking]) }
                if let button = card.button {
                    SideButton(texts[button.words]) { driver.send(card.action(of: button.does)) }
                }
            }
        }
    }
}

extension ApplicationCard {
    fileprivate func action(of offer: ApplicationOffer) -> Action {
        switch offer {
        case .signIn: .signIn
        case .refresh: .refresh
        case .dismiss: .dismiss(application: id)
        }
    }
}
#endif
