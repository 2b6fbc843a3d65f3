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
            if let hint = screen.hint { camera(texts[hint]) }
            SideButton(texts[screen.instead], symbol: "keyboard") { driver.send(.typeInstead) }
        }
    }

    @ViewBuilder private func camera(_ hint: String) -> some View {
        Line(hint)
        CameraView(seen: { driver.seen($0) }, refused: { driver.cameraRefused() })
            .aspectRatio(1, contentMode: .fit)
            .clipShape(RoundedRectangle(cornerRadius: Corner.panel))
            .overlay {
                RoundedRectangle(cornerRadius: Corner.control)
                    .strokeBorder(Color.white, lineWidth: 4)
                    .padding(Space.huge)
            }
            .accessibilityElement()
            .accessibilityLabel(hint)
    }
}
#endif
