#if canImport(UIKit)
import SwiftUI
import VidimusShell

/// The wallet is being opened.
struct OpeningView: View {
    @Environment(\.texts) private var texts

    var body: some View {
        VStack(spacing: Space.large) {
            Emblem()
            Line(texts[.appName], .title).accessibilityAddTraits(.isHeader)
            Busy(texts[.commonLoading])
        }
        .padding(Space.large)
    }
}
#endif
