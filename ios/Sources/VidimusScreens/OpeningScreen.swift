#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// The wallet is being opened.
struct OpeningScreen: View {
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
