#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusScreens
import VidimusShell

/// The checks of before, each day under its heading.
struct CheckLogView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let screen: CheckLogScreen
    let officer: any Officer

    var body: some View {
        List {
            Section {
                if let broken = screen.broken { NoteView(broken, isNews: false) }
                if let failed = screen.failed { NoteView(failed) }
                Line(texts[screen.kept], color: palette.soft)
                if screen.rows.isEmpty { Line(texts[.officerLogEmpty], color: palette.soft) }
            }
            ForEach(days, id: \.title) { day in
                Section(day.title) {
                    ForEach(day.rows, id: \.self) { Checked(row: screen.rows[$0]) }
                }
            }
        }
        .navigationTitle(Text(verbatim: texts[.officerLog]))
        .navigationBarTitleDisplayMode(.inline)
        .toolbar {
            ToolbarItem(placement: .topBarTrailing) {
                SymbolButton("square.and.arrow.up", name: texts[.officerLogExport], isEnabled: screen.mayExport) {
                    officer.send(.export)
                }
            }
        }
        .accessibilityAction(.escape) { officer.send(.back) }
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

/// One check.
private struct Checked: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let row: CheckRow

    var body: some View {
        HStack(alignment: .top, spacing: Space.medium) {
            MarkView(row.sign)
            VStack(alignment: .leading, spacing: Space.hair) {
                Line(texts[row.word], .strong)
                if !row.reasons.isEmpty { Line(texts.list(row.reasons)) }
                if let number = row.number { CodeLine(number) }
                Line(texts[row.at], .label, color: palette.soft)
            }
        }
        .accessibilityElement(children: .combine)
    }
}
#endif
