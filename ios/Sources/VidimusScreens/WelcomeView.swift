#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// What this is, and how to begin.
struct WelcomeView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let screen: WelcomeScreen
    let driver: any Driver

    var body: some View {
        Page(texts[screen.title], back: back) {
            // What is stored and what happened can be seen without a license too. Where there is
            // one they are there.
            if !screen.mayGoBack {
                let isFree = !screen.reading
                SymbolButton("clock", name: texts[.licenseHistory], isEnabled: isFree) { driver.send(.history) }
                SymbolButton("gearshape", name: texts[.licenseSettings], isEnabled: isFree) { driver.send(.settings) }
            }
        } content: {
            Applications(cards: screen.applications, driver: driver)
            if !screen.mayGoBack && screen.applications.isEmpty {
                Emblem()
                Line(texts[.appAbout], color: palette.soft)
            }
            Banners(stories: screen.troubles, driver: driver)
            if let refusal = screen.refusal { NoteView(refusal) }
            Line(texts[screen.body])
            if let lock = screen.lock {
                NoteView(lock, isNews: false)
                SideButton(texts[.actionLock], symbol: "lock") { driver.send(.act(action: .setLock)) }
            }
            if screen.maySignIn {
                MainButton(texts[.welcomeSignIn], symbol: "person.badge.key") { driver.send(.signIn) }
            }
            if screen.reading {
                Busy(texts[.offerReading])
                SideButton(texts[.commonCancel]) { driver.send(.back) }
            } else if screen.maySignIn {
                SideButton(texts[.welcomeScan], symbol: "qrcode.viewfinder") { driver.send(.scan) }
            } else {
                MainButton(texts[.welcomeScan], symbol: "qrcode.viewfinder") { driver.send(.scan) }
            }
            if screen.typing {
                paste
            } else if !screen.reading {
                SideButton(texts[.welcomePaste], symbol: "keyboard") { driver.send(.typeInstead) }
            }
            if !screen.mayGoBack {
                SideButton(texts[.licenseCheck], symbol: "checkmark.shield", isEnabled: !screen.reading) {
                    driver.send(.check)
                }
                Point(symbol: "wifi.slash", text: texts[.welcomePointOffline])
                Point(symbol: "lock", text: texts[.welcomePointPrivate])
                Point(symbol: "clock", text: texts[.welcomePointFresh])
            }
        }
    }

    private var back: (@MainActor () -> Void)? {
        guard screen.mayGoBack else { return nil }
        return { driver.send(.back) }
    }

    private var paste: some View {
        Panel {
            Heading(texts[.welcomePaste])
            FieldView(
                label: texts[.welcomeField],
                field: screen.offer,
                nextEdit: { driver.nextEdit(shown: $0) },
                isEnabled: !screen.reading,
                type: { driver.send(.typeOffer(text: $0, edit: $1)) },
                done: { driver.send(.readOffer) }
            )
            // The system's own button: it asks nothing, and tells no one what else was copied.
            PasteButton(payloadType: String.self) { texts in
                if let text = texts.first {
                    driver.send(.typeOffer(text: text, edit: driver.nextEdit(shown: screen.offer.edit)))
                }
            }
            .disabled(screen.reading)
            SideButton(texts[.welcomeRead], isEnabled: screen.mayRead) { driver.send(.readOffer) }
        }
    }
}
#endif
