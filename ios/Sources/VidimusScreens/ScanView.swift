#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// The camera looks for a QR.
struct ScanView: View {
    @Environment(\.texts) private var texts
    let screen: ScanScreen
    let driver: any Driver

    var body: some View {
        Page(texts[screen.title], back: { driver.send(.back) }) {
            if let refused = screen.refused {
                NoteView(refused)
                MainButton(texts[.scanAllow], symbol: "camera") { driver.send(.allowCamera) }
            }
            if let hint = screen.hint {
                Line(texts[hint])
                CameraView(hint: texts[hint], seen: { driver.seen($0) }, refused: { driver.cameraRefused() })
            }
            SideButton(texts[screen.instead], symbol: "keyboard") { driver.send(.typeInstead) }
        }
    }
}
#endif
