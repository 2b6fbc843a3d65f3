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
        List {
            if let broken = screen.broken {
                Section { NoteView(broken, isNews: false) }
            }
            if screen.rows.isEmpty { Line(texts[.historyEmpty], color: palette.soft) }
            ForEach(days, id: \.title) { day in
                Section(day.title) {
                    ForEach(day.rows, id: \.self) { Happened(row: screen.rows[$0]) }
                }
            }
        }
        .navigationTitle(Text(verbatim: texts[.historyTitle]))
        .navigationBarTitleDisplayMode(.inline)
        .accessibilityAction(.escape) { driver.send(.back) }
    }

    /// The rows below the heading of their day.
    private var days: [(title: String, rows: [Int])] {
        var days: [(title: String, rows: [Int])] = []
        for index in screen.rows.indices {
            let title = texts[screen.rows[index].day]
            if days.last?.title == title {
                days[days.count - 1].rows.append(index)
            } else {
                days.append((title, [index]))
            }
        }
        return days
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
