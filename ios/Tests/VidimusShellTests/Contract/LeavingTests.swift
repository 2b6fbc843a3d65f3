import Foundation
import Testing
import VidimusApp
import VidimusTestSupport

@testable import VidimusShell

/// The app is left, and the system ends it: what is open is closed, and what was kept is there
/// again.
@MainActor @Suite struct LeavingTests {
    /// The app is left, and what is to be kept is kept.
    private func leave(_ phone: LivePhone) async throws {
        let before = phone.phone.timesKept
        phone.shell.appLeft()
        try await until("it is kept") { phone.phone.timesKept > before }
    }

    @Test(.timeLimit(.minutes(5)))
    func aCodeThatWasTypedIsStillThere() async throws {
        try await onAPhone { phone, authority in
            let added = try await authority.register()
            phone.shell.appSeen()
            phone.send(.link(text: added.offer))
            try await phone.wait(for: "the offer", \.offer)
            phone.typeCode("12")
            try await phone.wait(for: "what was typed") { $0.offer?.code?.field.text == "12" ? true : nil }
            try await leave(phone)
            let saved = try #require(phone.phone.saved)
            #expect(saved.count <= 8 * 1024 && saved.range(of: Data(added.offer.utf8.prefix(16))) == nil)

            await phone.restart()
            phone.shell.appSeen()
            let code = try await phone.wait(for: "the offer, read again") { screen in screen.offer?.code }
            #expect(code.field.text == "12")
            // What is typed now counts on from what this app has heard.
            let edit = phone.shell.nextEdit(shown: code.field.edit)
            phone.send(.typeCode(text: added.txCode, edit: edit))
            phone.send(.takeOffer)
            try await phone.license([])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func whatWasKeptOutlastsASceneThatBeginsOnALockedPhone() async throws {
        try await onAPhone { phone, _ in
            phone.shell.appSeen()
            try await phone.welcome()
            phone.send(.typeOffer(text: "an offer", edit: 1))
            try await phone.wait(for: "what was typed") { $0.welcome?.offer.text == "an offer" ? true : nil }
            try await leave(phone)

            phone.phone.isLocked = true
            await phone.restart()
            phone.shell.appLeft()
            // Long enough for a wallet to be opened, were the app started.
            try await Task.sleep(for: .milliseconds(500))
            #expect(phone.screen == .opening, "with no one there")
            phone.phone.isLocked = false
            phone.shell.appSeen()
            let welcome = try await phone.wait(for: "the welcome", \.welcome)
            #expect(welcome.offer.text == "an offer")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func whenToRefreshNextIsKnownWhenTheAppIsLeft() async throws {
        try await withALicense { phone, _, _ in
            try await until("a refresh has said it") { phone.shell.refreshDueIn != nil }
            try await leave(phone)
            let due = try #require(phone.shell.refreshDueIn)
            #expect(due > .zero && due <= .seconds(24 * 60 * 60))
            await phone.restart()
            phone.shell.appLeft()
            #expect(phone.shell.refreshDueIn == nil, "no app was started yet")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aShowingIsNotRestored() async throws {
        try await withALicense { phone, _, _ in
            phone.send(.show)
            _ = try await phone.code()
            let asked = phone.phone.reasons.count
            try await leave(phone)
            await phone.restart()
            phone.shell.appSeen()
            try await phone.license()
            #expect(phone.phone.reasons.count == asked, "and the lock is not asked by itself")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aRemovalThatWasAskedAboutIsStillAsked() async throws {
        try await withALicense { phone, _, _ in
            phone.send(.settings)
            let license = try await phone.wait(for: "the settings") { $0.settings?.licenses.first }
            phone.send(.askToRemove(license: license.id))
            try await phone.wait(for: "the question") { $0.settings?.licenses.first?.asked == true ? true : nil }
            try await leave(phone)
            await phone.restart()
            phone.shell.appSeen()
            try await phone.wait(for: "the question") { $0.settings?.licenses.first?.asked == true ? true : nil }
            phone.send(.keep)
            phone.send(.back)
            try await phone.license()
            #expect(phone.phone.reasons.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aDialogOfTheLockIsClosedWhereTheAppIsLeftAndItsAnswerIsNobodys() async throws {
        try await withALicense { phone, _, _ in
            phone.phone.dialog.close()
            phone.send(.show)
            try await until("the lock is asked") { phone.phone.dialogs == 1 }
            phone.shell.appLeft()
            let note = try await phone.wait(for: "the lock stays shut") { screen -> Note? in
                if case .locked(let note) = screen.show?.phase { note } else { nil }
            }
            #expect(note.words.key == "show.cancelled")
            phone.shell.appSeen()
            phone.phone.dialog.open()
            try await until("the dialog is closed") { phone.phone.closed == 1 }
            phone.send(.back)
            try await phone.license()
            phone.send(.history)
            let history = try await phone.wait(for: "the history", \.history)
            #expect(history.rows.allSatisfy { $0.kind != .shown }, "nothing was shown")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func whatIsKeptOfAnotherPhoneOpensTheFirstPage() async throws {
        try await onAPhone { phone, _ in
            phone.shell.appSeen()
            try await phone.welcome()
            phone.send(.typeOffer(text: "an offer", edit: 1))
            try await phone.wait(for: "what was typed") { $0.welcome?.offer.text == "an offer" ? true : nil }
            try await leave(phone)
            let saved = try #require(phone.phone.saved)
            for changed in [Data(), Data(saved.dropLast()), Data(saved.map { $0 ^ 1 })] {
                await phone.end()
                phone.begin(with: changed)
                phone.shell.appSeen()
                #expect(try await phone.welcome().offer.text == "")
            }
        }
    }
}
