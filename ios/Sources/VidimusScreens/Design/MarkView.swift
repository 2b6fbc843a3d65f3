#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// The shape of a tone: anyone who sees no colors still sees which. It says nothing: the word
/// beside it does.
package struct MarkView: View {
    @Environment(\.palette) private var palette
    @ScaledMetric private var scale: CGFloat = 1
    private let sign: Sign
    private let side: CGFloat

    private let grows: Bool
    private let onField: Bool

    /// - Parameters:
    ///   - grows: Whether it is larger where text is.
    ///   - onField: Whether it stands on the field of its tone.
    package init(_ sign: Sign, side: CGFloat = 24, grows: Bool = true, onField: Bool = false) {
        self.sign = sign
        self.side = side
        self.grows = grows
        self.onField = onField
    }

    package var body: some View {
        let colors = palette.tone(sign.tone)
        let (ink, ground) = onField ? (colors.onField, colors.field) : (colors.ink, colors.ground)
        Canvas { context, size in
            Pen(context: context, unit: size.width / 24, ink: ink, ground: ground).draw(sign.mark)
        }
        .frame(width: side * (grows ? scale : 1), height: side * (grows ? scale : 1))
        .accessibilityHidden(true)
    }
}

/// Draws on a square of 24 units.
private struct Pen {
    let context: GraphicsContext
    let unit: CGFloat
    let ink: Color
    let ground: Color

    func draw(_ mark: Mark) {
        switch mark {
        case .disc: tickOnADisc()
        case .triangle: triangle()
        case .octagon: barOnAnOctagon()
        case .diamond: questionOnADiamond()
        }
    }

    private func tickOnADisc() {
        context.fill(disc(12, 12, 11), with: .color(ink))
        stroke(line((6.8, 12.4), (10.6, 16.2), (17.4, 8.4)), 2.6)
    }

    private func triangle() {
        context.fill(polygon((12, 2.4), (22.6, 21.4), (1.4, 21.4)), with: .color(ink))
        stroke(line((12, 9), (12, 14.4)), 2.4)
        context.fill(disc(12, 18.4, 1.4), with: .color(ground))
    }

    private func barOnAnOctagon() {
        let octagon = polygon((7.4, 1), (16.6, 1), (23, 7.4), (23, 16.6), (16.6, 23), (7.4, 23), (1, 16.6), (1, 7.4))
        context.fill(octagon, with: .color(ink))
        stroke(line((6.6, 12), (17.4, 12)), 3.2)
    }

    private func questionOnADiamond() {
        context.fill(polygon((12, 1.2), (22.8, 12), (12, 22.8), (1.2, 12)), with: .color(ink))
        var hook = Path()
        hook.addArc(
            center: point(12, 9),
            radius: 2.8 * unit,
            startAngle: .degrees(180),
            endAngle: .degrees(60),
            clockwise: false
        )
        hook.addQuadCurve(to: point(12, 14), control: point(12, 12.4))
        stroke(hook, 2)
        context.fill(disc(12, 17.2, 1.3), with: .color(ground))
    }

    private func stroke(_ path: Path, _ width: CGFloat) {
        let style = StrokeStyle(lineWidth: width * unit, lineCap: .round, lineJoin: .round)
        context.stroke(path, with: .color(ground), style: style)
    }

    private func disc(_ x: CGFloat, _ y: CGFloat, _ radius: CGFloat) -> Path {
        let origin = point(x - radius, y - radius)
        return Path(ellipseIn: CGRect(x: origin.x, y: origin.y, width: 2 * radius * unit, height: 2 * radius * unit))
    }

    private func polygon(_ points: (CGFloat, CGFloat)...) -> Path {
        var path = path(points)
        path.closeSubpath()
        return path
    }

    private func line(_ points: (CGFloat, CGFloat)...) -> Path { path(points) }

    private func path(_ points: [(CGFloat, CGFloat)]) -> Path {
        var path = Path()
        for (index, (x, y)) in points.enumerated() {
            if index == 0 { path.move(to: point(x, y)) } else { path.addLine(to: point(x, y)) }
        }
        return path
    }

    private func point(_ x: CGFloat, _ y: CGFloat) -> CGPoint { CGPoint(x: x * unit, y: y * unit) }
}
#endif
