#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusScreens
import VidimusShell

/// Whom the reader trusts, and how old what it knows is; the way to a check.
struct StartView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let screen: StartScreen
    let officer: any Officer

    var body: some View {
        List {
            if screen.note != nil || screen.trouble != nil {
                Section {
                    if let note = screen.note { NoteView(note) }
                    if let trouble = screen.trouble { NoteView(trouble) }
                }
            }
            Section(texts[.officerTrust]) {
                ForEach(screen.trust, id: \.name) { Trusted(row: $0) }
                if screen.refreshing {
                    Busy(texts[.licenseRefreshing])
                } else {
                    WordButton(texts[.licenseRefresh], symbol: "arrow.clockwise") { officer.send(.refresh) }
                }
            }
            Section {
                WordButton(texts[.officerLog], symbol: "clock") { officer.send(.log) }
            }
        }
        .safeAreaInset(edge: .bottom, spacing: 0) { foot }
        .navigationTitle(Text(verbatim: texts[.officerTitle]))
        .navigationBarTitleDisplayMode(.large)
    }

    private var foot: some View {
        MainButton(texts[.officerCheck], symbol: "qrcode.viewfinder", isEnabled: screen.mayCheck) {
            officer.send(.check)
        }
        .frame(maxWidth: Space.widest)
        .padding(.horizontal, Space.large)
        .padding(.vertical, Space.small)
        .frame(maxWidth: .infinity)
        .background(palette.background)
    }
}

/// An authority, and how old what it has signed is.
private struct Trusted: View {
    @Environment(\.texts) private var texts
    let row: TrustRow

    var body: some View {
        HStack(alignment: .top, spacing: Space.medium) {
            MarkView(row.sign)
            VStack(alignment: .leading, spacing: Space.hair) {
                CodeLine(row.name, .strong)
                Line(texts[row.list])
                Line(texts[row.statuses])
            }
        }
        .accessibilityElement(children: .combine)
    }
}

/// The reader's book cannot be opened.
struct BookBlockedView: View {
    @Environment(\.texts) private var texts
    let screen: BookBlockedScreen
    let officer: any Officer

    var body: some View {
        Page(texts[screen.title], back: nil) {
            MarkView(screen.sign, side: 48)
            Panel { Line(texts[screen.happened]) }
            if screen.working { Busy(texts[.commonLoading]) }
            MainButton(texts[screen.button], isEnabled: !screen.working) {
                officer.send(.act(action: screen.action))
            }
        }
    }
}
#endif
