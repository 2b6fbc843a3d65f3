#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// What this is, and how to begin.
struct WelcomeScreen: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let state: WelcomeState
    let actions: any Actions

    var body: some View {
        let title = texts[state.mayGoBack ? .licenseAdd : state.again ? .welcomeAgainTitle : .welcomeTitle]
        Page(title, back: back) {
            // What is stored and what happened can be seen without a license too. Where there is one they are there.
            if !state.mayGoBack {
                let isFree = !state.reading
                SymbolButton("clock", name: texts[.licenseHistory], isEnabled: isFree) { actions.history() }
                SymbolButton("gearshape", name: texts[.licenseSettings], isEnabled: isFree) { actions.settings() }
            }
        } content: {
            if !state.mayGoBack {
                Emblem()
                Line(texts[.appAbout], color: palette.soft)
            }
            if let refusal = state.refusal { RefusalView(refusal: refusal) }
            Line(texts[state.again ? .welcomeAgain : .welcomeBody])
            if state.reading {
                Busy(texts[.offerReading])
            } else {
                MainButton(texts[.welcomeScan], symbol: "qrcode.viewfinder") { actions.scan() }
            }
            paste
            if !state.mayGoBack {
                Point(symbol: "wifi.slash", text: texts[.welcomePointOffline])
                Point(symbol: "lock", text: texts[.welcomePointPrivate])
                Point(symbol: "clock", text: texts[.welcomePointFresh])
            }
        }
    }

    private var back: (@MainActor () -> Void)? {
        guard state.mayGoBack else { return nil }
        return { actions.back() }
    }

    private var paste: some View {
        Panel {
            Heading(texts[.welcomePaste])
            Field(
                label: texts[.welcomeField],
                text: state.text,
                isEnabled: !state.reading,
                change: { actions.typeOffer($0) },
                done: { actions.readOffer() }
            )
            SideButton(texts[.welcomeRead], isEnabled: !state.text.isEmpty && !state.reading) { actions.readOffer() }
        }
    }
}

/// Why no license came, and what to do.
struct RefusalView: View {
    @Environment(\.texts) private var texts
    let refusal: Refusal

    var body: some View {
        NoticeView(refusal.mayRetry ? .caution : .bad, texts[refusal.word])
    }
}
#endif
