#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// What is stored, and how to remove it.
struct SettingsScreen: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let state: SettingsState
    let actions: any Actions

    var body: some View {
        Page(texts[.settingsTitle], back: { actions.back() }) {
            if !state.licenses.isEmpty { licenses }
            stored
            Panel {
                Heading(texts[.settingsAuthority])
                CodeLine(state.authority)
            }
            if !state.notices.isEmpty { notices }
            Line(texts[.settingsVersion, state.version], .label, color: palette.soft)
        }
    }

    private var licenses: some View {
        Panel {
            Heading(texts[.settingsLicenses])
            ForEach(state.licenses) { license in
                if license.id == state.removing {
                    question(license)
                } else {
                    Name(license: license)
                    WordButton(texts[.settingsRemove], symbol: "trash", color: palette.tone(.bad).ink) {
                        actions.askToRemove(license.id)
                    }
                    .accessibilityLabel("\(texts[.settingsRemove]): \(license.holder?.name ?? texts[.commonUnknown])")
                }
            }
        }
    }

    /// The question stands where the license stood: what is asked about is not lost from sight.
    private func question(_ license: LicenseCard) -> some View {
        let bad = palette.tone(.bad)
        return VStack(alignment: .leading, spacing: Space.medium) {
            HStack(spacing: Space.medium) {
                Mark(.bad)
                Heading(texts[.settingsRemoveTitle])
            }
            Name(license: license)
            Line(texts[.settingsRemoveBody])
            MainButton(texts[.commonCancel]) { actions.keep() }
            SideButton(texts[.settingsRemoveYes], color: bad.ink) { actions.remove() }
        }
        .padding(Space.large)
        .background(bad.ground, in: RoundedRectangle(cornerRadius: Corner.control))
        .onAppear { AccessibilityNotification.Announcement(texts[.settingsRemoveTitle]).post() }
    }

    private var stored: some View {
        Panel {
            Heading(texts[.settingsStored])
            Point(symbol: "person.text.rectangle", text: texts[.settingsStoredLicense])
            Point(symbol: "checkmark.shield", text: texts[.settingsStoredStatus])
            Point(symbol: "clock", text: texts[.settingsStoredHistory])
            Point(symbol: "lock", text: texts[.settingsStoredKeys])
            Divider()
            Line(texts[.settingsStoredWhere], .strong)
        }
    }

    private var notices: some View {
        Panel {
            Heading(texts[.settingsNotices])
            ForEach(state.notices, id: \.self) { notice in
                VStack(alignment: .leading, spacing: 0) {
                    CodeLine(notice.name)
                    CodeLine(notice.licence, .label, color: palette.soft)
                }
                .accessibilityElement(children: .combine)
            }
        }
    }
}

private struct Name: View {
    @Environment(\.texts) private var texts
    let license: LicenseCard

    var body: some View {
        VStack(alignment: .leading, spacing: Space.hair) {
            Line(license.holder?.name ?? texts[.commonUnknown], .strong)
            if let holder = license.holder { CodeLine(holder.number, .label) }
        }
        .accessibilityElement(children: .combine)
    }
}
#endif
