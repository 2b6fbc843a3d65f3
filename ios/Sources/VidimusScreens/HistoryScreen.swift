#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// What happened, newest first.
struct HistoryScreen: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let state: HistoryState
    let actions: any Actions

    var body: some View {
        Page(texts[.historyTitle], back: { actions.back() }) {
            if !state.intact { NoticeView(.bad, texts[.historyBroken], isNews: false) }
            if state.rows.isEmpty {
                Line(texts[.historyEmpty], color: palette.soft)
            } else {
                Panel {
                    ForEach(Array(state.rows.indices), id: \.self) { index in
                        if index > 0 { Divider() }
                        Happened(row: state.rows[index])
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
                Line(texts.headline(row.event), .strong)
                ForEach(texts.details(row.event), id: \.self) { Line($0) }
                Line(texts.dateTime(row.at, in: .current), .label, color: palette.soft)
            }
        }
        .accessibilityElement(children: .combine)
    }

    private var symbol: String {
        switch row.event {
        case .shown(nil, _, _): "qrcode"
        case .shown: "text.bubble"
        case .enrolled: "person.text.rectangle"
        case .renewed: "arrow.clockwise"
        case .statusChanged: "checkmark.shield"
        case .removed: "trash"
        }
    }
}
#endif
