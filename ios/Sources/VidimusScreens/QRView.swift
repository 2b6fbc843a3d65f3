#if canImport(UIKit)
import SwiftUI
import Vidimus
import VidimusShell

/// A QR: black on white in every theme, its quiet zone inside `side`, never mirrored.
///
/// Each module is a whole number of pixels, the largest that fits, and all of them are one path: a
/// scanner would take seams between modules for light ones. Without a symbol it is white: what is
/// no longer shown is not drawn.
package struct QRView: View {
    @Environment(\.displayScale) private var displayScale
    @Environment(\.texts) private var texts
    private let symbol: QRSymbol?
    private let side: CGFloat
    private let label: Word

    /// - Parameter label: What is said of it.
    package init(symbol: QRSymbol?, side: CGFloat, label: Word = .showQr) {
        self.symbol = symbol
        self.side = side
        self.label = label
    }

    /// Light modules around, as the standard asks.
    private static let quiet = 4

    package var body: some View {
        Canvas(opaque: true) { context, size in
            context.fill(Path(CGRect(origin: .zero, size: size)), with: .color(.white))
            guard let symbol else { return }
            context.fill(modules(of: symbol, in: size), with: .color(.black), style: FillStyle(antialiased: false))
        }
        .frame(width: side, height: side)
        .environment(\.layoutDirection, .leftToRight)
        .accessibilityElement()
        .accessibilityLabel(texts[label])
        .accessibilityAddTraits(.isImage)
        .accessibilityIgnoresInvertColors()
        .privacySensitive()
    }

    /// Runs of dark modules, row by row.
    private func modules(of symbol: QRSymbol, in size: CGSize) -> Path {
        let pixels = Int(min(size.width, size.height) * displayScale)
        let module = max(1, pixels / (symbol.size + 2 * Self.quiet))
        let margin = (pixels - module * symbol.size) / 2
        var path = Path()
        for y in 0..<symbol.size {
            var x = 0
            while x < symbol.size {
                let begin = x
                while symbol.isDark(x: x, y: y) { x += 1 }
                guard x > begin else {
                    x += 1
                    continue
                }
                path.addRect(
                    CGRect(
                        x: CGFloat(margin + begin * module) / displayScale,
                        y: CGFloat(margin + y * module) / displayScale,
                        width: CGFloat((x - begin) * module) / displayScale,
                        height: CGFloat(module) / displayScale
                    ))
            }
        }
        return path
    }
}
#endif
