#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// What is stored, and how to remove it.
struct SettingsView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let screen: SettingsScreen
    let about: About
    let driver: any Driver

    var body: some View {
        Form {
            if !screen.licenses.isEmpty { licenses }
            stored
            if !screen.links.isEmpty { links }
            Section(texts[.settingsAuthority]) { CodeLine(screen.authority) }
            if !about.notices.isEmpty { notices }
            Section { Line(texts[.settingsVersion, about.version], .label, color: palette.soft) }
        }
        .navigationTitle(Text(verbatim: texts[.settingsTitle]))
        .navigationBarTitleDisplayMode(.inline)
        .accessibilityAction(.escape) { driver.send(.back) }
    }

    private var licenses: some View {
        Section(texts[.settingsLicenses]) {
            ForEach(screen.licenses, id: \.id) { license in
                if license.asked {
                    question(license)
                } else {
                    Name(license: license)
                    WordButton(texts[.settingsRemove], symbol: "trash", color: palette.tone(.bad).ink) {
                        driver.send(.askToRemove(license: license.id))
                    }
                    .accessibilityLabel("\(texts[.settingsRemove]): \(texts[license.name])")
                }
            }
        }
    }

    /// The question stands where the license stood: what is asked about is not lost from sight.
    private func question(_ license: RemovableLicense) -> some View {
        let bad = palette.tone(.bad)
        return VStack(alignment: .leading, spacing: Space.medium) {
            HStack(spacing: Space.medium) {
                MarkView(.bad)
                Heading(texts[.settingsRemoveTitle])
            }
            Name(license: license)
            Line(texts[.settingsRemoveBody])
            MainButton(texts[.commonCancel], isEnabled: !license.removing) { driver.send(.keep) }
            SideButton(texts[.settingsRemoveYes], color: bad.ink, isEnabled: !license.removing) {
                driver.send(.remove)
            }
        }
        .padding(.vertical, Space.small)
        .listRowBackground(bad.ground)
        .onAppear { AccessibilityNotification.Announcement(texts[.settingsRemoveTitle]).post() }
    }

    private var links: some View {
        Section {
            ForEach(screen.links, id: \.place) { link in
                Button(texts[link.words]) { driver.send(.open(place: link.place)) }
            }
        }
    }

    private var stored: some View {
        Section {
            Point(symbol: "person.text.rectangle", text: texts[.settingsStoredLicense])
            Point(symbol: "checkmark.shield", text: texts[.settingsStoredStatus])
            Point(symbol: "clock", text: texts[.settingsStoredHistory])
            Point(symbol: "lock", text: texts[.settingsStoredKeys])
        } header: {
            Text(verbatim: texts[.settingsStored])
        } footer: {
            Text(verbatim: texts[.settingsStoredWhere])
        }
    }

    /// Closed at first: there are over a hundred.
    private var notices: some View {
        Section {
            DisclosureGroup {
                ForEach(about.notices, id: \.self) { notice in
                    VStack(alignment: .leading, spacing: 0) {
                        CodeLine(notice.name)
                        CodeLine(notice.licence, .label, color: palette.soft)
                    }
                    .accessibilityElement(children: .combine)
                }
            } label: {
                Line(texts[.settingsNotices])
            }
        }
    }
}

private struct Name: View {
    @Environment(\.texts) private var texts
    let license: RemovableLicense

    var body: some View {
        VStack(alignment: .leading, spacing: Space.hair) {
            Line(texts[license.name], .strong)
            if let number = license.number { CodeLine(number, .label) }
        }
        .accessibilityElement(children: .combine)
    }
}
#endif
