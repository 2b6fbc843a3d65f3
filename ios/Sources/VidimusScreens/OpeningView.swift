#if canImport(UIKit)
import SwiftUI
import VidimusShell

/// What is stored is being opened.
package struct OpeningView: View {
    @Environment(\.texts) private var texts
    private let name: Word

    /// - Parameter name: What the app is called.
    package init(name: Word = .appName) {
        self.name = name
    }

    package var body: some View {
        VStack(spacing: Space.large) {
            Emblem()
            Line(texts[name], .title).accessibilityAddTraits(.isHeader)
            Busy(texts[.commonLoading])
        }
        .padding(Space.large)
    }
}
#endif
