import Foundation
import Testing

@testable import Vidimus
@testable import VidimusModels

@MainActor @Suite struct AnswerModelTests {
    private let asker = Asker(name: "Checkpoint 12", proven: true)

    private func question(_ asker: Asker) -> AnswerModel.Question {
        AnswerModel.Question(asker: asker) { () async throws(WalletError) in throw .internal }
    }

    @Test func digitsOfAnyScriptAreTakenAndEightOfThem() {
        let answer = AnswerModel { (_) async throws(WalletError) in throw .internal }
        answer.type("১২৩٤ ٥٦-78 9")
        #expect(answer.state.text == "12345678")
    }

    @Test func whoAsksIsSaidBeforeAnythingIsShown() async throws {
        var asked: [String] = []
        let answer = AnswerModel { (text) async throws(WalletError) in
            asked.append(text)
            return question(asker)
        }
        answer.type("12345678")
        try await answer.read()
        #expect(asked == ["12345678"])
        #expect(answer.state == AnswerState(text: "12345678", asker: asker))
        #expect(answer.question?.asker == asker)
        answer.type("1234567")
        #expect(answer.question == nil && answer.state == AnswerState(text: "1234567"), "another question")
    }

    @Test(arguments: [
        (WalletError.challenge(.malformed), AnswerProblem.malformed), (.challenge(.recorded), .recorded),
        (.invalidArgument, .malformed),
    ])
    func whatIsNoQuestionIsSaid(error: WalletError, problem: AnswerProblem) async throws {
        let answer = AnswerModel { (_) async throws(WalletError) in throw error }
        try await answer.read("a recording")
        #expect(answer.state == AnswerState(problem: problem))
    }

    @Test func whatIsNoFaultOfTheQuestionIsThrown() async {
        let answer = AnswerModel { (_) async throws(WalletError) in throw .storage(.failed) }
        await #expect(throws: WalletError.storage(.failed)) { try await answer.read("dl1") }
    }

    @Test func anAnswerThatComesTooLateIsDropped() async throws {
        let gate = Gate()
        let answer = AnswerModel { (text) async throws(WalletError) in
            if text == "first" { await gate.pass() }
            return question(Asker(name: text, proven: false))
        }
        let first = Task { try await answer.read("first") }
        try await until("the first is read") { gate.waiting == 1 }
        try await answer.read("second")
        gate.open()
        try await first.value
        #expect(answer.state.asker?.name == "second")
    }

    @Test func digitsThatWereReadOutHaveNoName() {
        #expect(Asker(reader: "dl1:code", proven: false).name == nil)
        #expect(Asker(reader: "Checkpoint", proven: true) == Asker(name: "Checkpoint", proven: true))
    }
}

@MainActor @Suite struct HistoryModelTests {
    @Test func everyEventIsToldAndNoMoreThanAHundred() async throws {
        let at = Date(timeIntervalSince1970: 1_790_000_000)
        let status = ShownStatus(state: .valid, asOf: at, standing: .sample(.valid))
        let events: [ActivityEvent] = [
            .removed, .statusChanged(from: .valid, to: .suspended), .renewed, .enrolled,
            .shown(audience: .anyone, portrait: false, status: status),
            .shown(audience: .reader(name: "dl1:code", proven: false), portrait: true, status: status),
            .shown(audience: .reader(name: "Checkpoint", proven: true), portrait: true, status: status),
        ]
        let wallet = TestWallet()
        let entries = (events + Array(repeating: .renewed, count: 200))
            .map { ActivityEntry(at: at, license: "one", event: $0) }
        wallet.change(activity: Activity(entries: entries, intact: false))
        let state = try await HistoryModel(wallet: wallet).load()
        #expect(!state.intact && state.rows.count == 100 && state.rows.allSatisfy { $0.at == at })
        #expect(
            state.rows.prefix(7).map(\.event) == [
                .removed, .statusChanged(from: .valid, to: .suspended), .renewed, .enrolled,
                .shown(audience: nil, portrait: false, standing: .sample(.valid)),
                .shown(audience: Asker(name: nil, proven: false), portrait: true, standing: .sample(.valid)),
                .shown(audience: Asker(name: "Checkpoint", proven: true), portrait: true, standing: .sample(.valid)),
            ])
    }
}

@MainActor @Suite struct SettingsModelTests {
    private let wallet = TestWallet([.sample("one"), .sample("two")])

    private func opened() async -> LockOutcome { .opened }

    private func model() async throws -> SettingsModel {
        let licenses = LicensesModel(wallet: wallet, elapsed: ManualClock().elapsed) { true }
        try await licenses.load()
        return SettingsModel(
            wallet: wallet, licenses: licenses.cards, authority: "https://roads.example", version: "1", notices: [])
    }

    @Test func aLicenseIsRemovedOnlyAfterItWasAskedAbout() async throws {
        let settings = try await model()
        #expect(try await settings.remove(after: opened) == false)
        settings.ask(toRemove: "three")
        #expect(settings.state.removing == nil, "there is no such license")
        settings.ask(toRemove: "one")
        settings.keep()
        #expect(try await settings.remove(after: opened) == false)
        settings.ask(toRemove: "two")
        #expect(settings.state.removing == "two")
        #expect(try await settings.remove(after: opened))
        #expect(wallet.removed == ["two"])
        #expect(settings.state.licenses.map(\.id) == ["one"] && settings.state.removing == nil)
    }

    @Test(arguments: LockOutcome.allCases)
    func thePhonesLockIsAskedFirst(outcome: LockOutcome) async throws {
        let settings = try await model()
        let phone = TestPhone()
        phone.answer(outcome)
        #expect(try await settings.remove(after: phone.unlock) == false)
        #expect(phone.timesAsked == 0, "nothing was asked about")
        settings.ask(toRemove: "one")
        let goesOn = outcome == .opened || outcome == .noLock
        #expect(try await settings.remove(after: phone.unlock) == goesOn)
        #expect(phone.timesAsked == 1)
        #expect(wallet.removed == (goesOn ? ["one"] : []))
        #expect(settings.state.removing == (goesOn ? nil : "one"), "the question stays where nothing was removed")
        #expect(settings.state.licenses.count == (goesOn ? 1 : 2))
    }

    @Test func aLicenseThatGoesWhileTheLockIsAskedIsNotRemovedAgain() async throws {
        let settings = try await model()
        settings.ask(toRemove: "one")
        let removed = try await settings.remove {
            settings.ask(toRemove: "two")
            settings.update(settings.state.licenses.filter { $0.id != "one" })
            return .opened
        }
        #expect(!removed && wallet.removed.isEmpty && settings.state.removing == nil)
    }

    @Test func aSecondTapDoesNotRemoveTwice() async throws {
        let settings = try await model()
        settings.ask(toRemove: "one")
        wallet.gate.close()
        let first = Task { try await settings.remove(after: opened) }
        try await until("it is being removed") { wallet.gate.waiting == 1 }
        #expect(try await settings.remove(after: opened) == false)
        settings.ask(toRemove: "two")
        settings.keep()
        #expect(settings.state.removing == "one")
        wallet.gate.open()
        #expect(try await first.value)
        #expect(wallet.removed == ["one"])
    }

    @Test func whatCouldNotBeRemovedStays() async throws {
        let settings = try await model()
        settings.ask(toRemove: "one")
        wallet.fail(with: .storage(.full))
        await #expect(throws: WalletError.storage(.full)) { try await settings.remove(after: opened) }
        #expect(settings.state.licenses.count == 2 && settings.state.removing == nil)
        wallet.fail(with: .noSuchLicense)
        settings.ask(toRemove: "one")
        #expect(try await settings.remove(after: opened), "somebody was faster")
    }
}
