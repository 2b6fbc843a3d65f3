#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// A license that is shown, or about to be, or was.
struct ShowView: View {
    @Environment(\.texts) private var texts
    let screen: ShowScreen
    let driver: any Driver

    var body: some View {
        switch screen.phase {
        case .live(let code): LiveView(code: code, driver: driver)
        case .failed(let story): TroubleView(story: story, working: false, driver: driver, back: { driver.send(.back) })
        case .unlocking(let words): around("lock") { Busy(texts[words]) }
        case .locked(let note): around("lock") { NoteView(note) }
        case .starting(let words): around("qrcode") { Busy(texts[words]) }
        case .over(let words): around("qrcode") { ForEach(words, id: \.key) { Line(texts[$0]) } }
        }
    }

    /// What the phases before and after have in common.
    private func around<Content: View>(_ symbol: String, @ViewBuilder content: () -> Content) -> some View {
        Page(texts[.showTitle], back: { driver.send(.back) }) {
            Emblem(symbol: symbol)
            content()
            if let button = screen.button {
                MainButton(texts[button.words], symbol: picture(of: button)) { press(button) }
            }
        }
    }

    /// The phone's lock is asked before anything is shown; where it did not open its picture says
    /// so.
    private func picture(of button: ShowButton) -> String? {
        switch button.does {
        case .show: if case .locked = screen.phase { "lock" } else { "qrcode" }
        case .answer: "text.bubble"
        case .act: nil
        }
    }

    private func press(_ button: ShowButton) {
        switch button.does {
        case .show: driver.send(.show)
        case .answer: driver.send(.answer)
        case .act(let action): driver.send(.act(action: action))
        }
    }
}
#endif
