#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// What happened, newest first.
struct HistoryView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let screen: HistoryScreen
    let driver: any Driver

    var body: some View {
        Page(texts[.historyTitle], back: { driver.send(.back) }) {
            if let broken = screen.broken { NoteView(broken, isNews: false) }
            if screen.rows.isEmpty {
                Line(texts[.historyEmpty], color: palette.soft)
            } else {
                Panel {
                    ForEach(Array(screen.rows.indices), id: \.self) { index in
                        if index > 0 { Divider() }
                        Happened(row: screen.rows[index])
                    }
                }
            }
        }
    }
}

private struct Happened: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let row: HistoryRow

    var body: some View {
        HStack(alignment: .top, spacing: Space.medium) {
            Image(systemName: symbol).font(.title3).foregroundStyle(palette.accent).accessibilityHidden(true)
            VStack(alignment: .leading, spacing: Space.hair) {
                Line(texts[row.headline], .strong)
                if let status = row.status { Line(texts[status]) }
                if !row.details.isEmpty { Line(texts.list(row.details)) }
                Line(texts[row.at], .label, color: palette.soft)
            }
        }
        .accessibilityElement(children: .combine)
    }

    private var symbol: String {
        switch row.kind {
        case .shown: "qrcode"
        case .answered: "text.bubble"
        case .enrolled: "person.text.rectangle"
        case .renewed: "arrow.clockwise"
        case .statusChanged: "checkmark.shield"
        case .removed: "trash"
        }
    }
}
#endif
