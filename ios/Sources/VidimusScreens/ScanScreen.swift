#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// The camera looks for a QR.
struct ScanScreen: View {
    @Environment(\.texts) private var texts
    let state: ScanState
    let actions: any Actions

    var body: some View {
        Page(texts[state.purpose == .offer ? .scanTitleOffer : .scanTitleChallenge], back: { actions.back() }) {
            if state.cameraRefused {
                NoticeView(.caution, texts[.scanNoCamera])
                MainButton(texts[.commonBack]) { actions.back() }
            } else {
                Line(texts[.scanHint])
                CameraView(scanned: { actions.scanned($0) }, refused: { actions.cameraRefused() })
                    .aspectRatio(1, contentMode: .fit)
                    .clipShape(RoundedRectangle(cornerRadius: Corner.panel))
                    .overlay {
                        RoundedRectangle(cornerRadius: Corner.control)
                            .strokeBorder(Color.white, lineWidth: 4)
                            .padding(Space.huge)
                    }
                    .accessibilityElement()
                    .accessibilityLabel(texts[.scanHint])
            }
        }
    }
}
#endif
