#if canImport(UIKit)
#if DEBUG
import Foundation
import Vidimus
import VidimusApp
import VidimusShell

// Screens in each state, for Xcode's previews. No app shows them.

extension Words {
    fileprivate static func of(_ key: String, _ values: Value...) -> Words { Words(key: key, values: values) }
}

/// A driver that nobody is: what is pressed does nothing.
@MainActor final class SampleDriver: Driver {
    func send(_ action: Action) {}
    func nextEdit(shown: UInt64) -> UInt64 { shown + 1 }
    func refresh() async {}
    func seen(_ text: String) {}
    func cameraRefused() {}
    func picture(_ id: String) -> Data? { nil }
    func frame(of showing: UInt64, number: UInt64) -> QRSymbol? {
        QRSymbol(size: 21, modules: Data((0..<63).map { UInt8(truncatingIfNeeded: $0 &* 37) }))
    }
}

/// Screens, by the names of their states.
enum Samples {
    static let unknown = Sign(tone: .unknown, mark: .diamond)

    static func status(_ state: String, _ sign: Sign, minutes: UInt32? = 12) -> CardStatus {
        CardStatus(
            state: .of(state), sign: sign, age: .confirmed(minutes: minutes),
            asOf: minutes == nil ? nil : .of("license.as_of", .moment(seconds: 1_795_716_000)))
    }

    static let valid = status("state.valid", .good)
    static let suspended = status("state.suspended", .bad)
    static let open = status("state.unresolved", .caution)
    static let never = status("state.unknown", unknown, minutes: nil)

    static let holder = Holder(
        familyName: "Sommer", givenNames: "Ana Luisa", name: "Ana Luisa Sommer",
        born: .day(day: CalendarDay(year: 1987, month: 4, day: 2)), number: "B072RRE2I55", country: "DE",
        issued: CalendarDay(year: 2019, month: 5, day: 14),
        expires: .day(day: CalendarDay(year: 2034, month: 5, day: 13)),
        categories: [
            CategoryRow(
                code: "B", meaning: nil, from: nil, until: nil,
                conditions: [
                    Condition(code: "01.06", meaning: nil)
                ]),
            CategoryRow(
                code: "C1", meaning: nil, from: nil,
                until: .of("license.category.until", .day(day: CalendarDay(year: 2027, month: 1, day: 31))),
                conditions: []),
        ])

    static func license(_ status: CardStatus, troubles: [Story] = [], refreshing: Bool = false) -> Screen {
        let card = LicenseCard(
            id: "1", holder: holder, status: status, portrait: nil, damaged: nil,
            spoken: .of(
                "license.spoken", .text(text: holder.name), .word(key: status.state.key), .word(key: "app.name")))
        let pager = Pager(
            place: .of("license.of", .number(number: 1), .number(number: 2)), previous: nil, next: 1)
        return .license(
            LicenseScreen(
                title: .of("license.title"), card: card, pager: pager, refreshing: refreshing, applications: [],
                troubles: troubles, mayShow: true))
    }

    static func story(
        _ trouble: Trouble, _ key: String, _ sign: Sign, _ action: TroubleAction, _ button: String
    ) -> Story {
        Story(
            trouble: trouble, sign: sign, title: .of("trouble.\(key).title"), happened: .of("trouble.\(key).what"),
            holds: .of("trouble.\(key).holds"), toDo: .of("trouble.\(key).do"), action: action, button: .of(button))
    }

    static let noNetwork = story(.noNetwork, "no_network", .caution, .retry, "action.retry")
    static let takenAway = story(.suspended, "suspended", .bad, .askAuthority, "action.authority")
    static let full = story(.storageFull, "storage_full", .caution, .freeStorage, "action.storage")

    static func welcome(
        again: Bool = false, lock: Bool = false, typing: Bool = false, reading: Bool = false,
        applications: [ApplicationCard] = []
    ) -> Screen {
        let note = Note(sign: .caution, words: .of("welcome.lock"))
        return .welcome(
            WelcomeScreen(
                title: .of(again ? "welcome.again.title" : "welcome.title"),
                body: .of(again ? "welcome.again" : "welcome.body"), mayGoBack: false, lock: lock ? note : nil,
                maySignIn: !reading, applications: applications, typing: typing, offer: Field(text: "", edit: 0),
                reading: reading, mayRead: false, refusal: nil,
                troubles: []))
    }

    static let waiting = ApplicationCard(
        id: "2", stage: Note(sign: unknown, words: .of("application.waiting")),
        told: [
            .of("application.waiting.why"), .of("application.since", .moment(seconds: 1_795_716_000)),
            .of("application.by_itself"),
        ],
        authoritySays: nil, asking: false,
        button: ApplicationButton(words: .of("application.ask"), does: .refresh))

    static let refused = ApplicationCard(
        id: "2", stage: Note(sign: .bad, words: .of("application.refused")),
        told: [.of("application.reason.photo_unclear.why"), .of("application.reason.photo_unclear.do")],
        authoritySays: "The face is in the shade.", asking: false,
        button: ApplicationButton(words: .of("application.dismiss"), does: .dismiss))

    static func signIn(working: Bool = false) -> Screen {
        let keys = working ? ["sign_in.receiving"] : ["sign_in.open", "sign_in.why", "sign_in.closed"]
        return .signIn(
            SignInScreen(
                authority: "https://licenses.example", told: keys.map { .of($0) },
                until: working ? nil : .of("sign_in.until", .moment(seconds: 1_795_716_000)), working: working,
                refusal: nil, wantsLock: false, button: working ? nil : .of("sign_in.again"), mayCancel: !working))
    }

    static func scan(refused: Bool) -> Screen {
        .scan(
            ScanScreen(
                title: .of("scan.title.offer"), hint: refused ? nil : .of("scan.hint"),
                refused: refused ? Note(sign: .caution, words: .of("scan.no_camera")) : nil,
                instead: .of("scan.type_offer")))
    }

    static func offer(proven: Bool, typed: String, issuing: Bool = false) -> Screen {
        let proof = Note(
            sign: proven ? .good : .caution, words: .of(proven ? "offer.proven" : "offer.unproven"))
        let missing = UInt32(max(0, 6 - typed.count))
        let code = CodeField(
            field: Field(text: typed, edit: 1), numeric: true, hint: .of("offer.code.hint"), issuerHint: nil,
            length: CodeLength(
                count: 6, complete: missing == 0,
                words: missing == 0 ? nil : .of("offer.code.more", .number(number: missing))))
        return .offer(
            OfferScreen(
                issuer: "https://licenses.example", name: nil, proof: proof, code: code, issuing: issuing,
                refusal: nil, wantsLock: false, mayTake: missing == 0 && !issuing))
    }

    static func live(_ status: CardStatus, face: FaceTurn = .off) -> Screen {
        let code = LiveCode(
            showing: 1, frame: 1, holder: holder.name, portrait: "1", number: holder.number, categories: ["B", "C1"],
            now: .clock(seconds: 1_795_716_359), face: face, status: status, nextInS: 7, periodS: 10,
            next: .of("show.new_code", .number(number: 7)), ends: .of("show.ends", .countdown(seconds: 249)),
            spoken: .of("show.title"), audience: nil, statusLeftOut: nil)
        return show(.live(code: code))
    }

    static func show(_ phase: ShowPhase, button: ShowButton? = nil) -> Screen {
        .show(ShowScreen(phase: phase, button: button))
    }

    static let again = ShowButton(words: .of("show.again"), does: .show)

    static func answer(asked: Bool, face: FaceAsked? = nil) -> Screen {
        let asker = Asker(name: .text(text: "Patrol 7"), proof: Note(sign: .good, words: .of("answer.proven")))
        return .answer(
            AnswerScreen(
                digits: Field(text: "", edit: 0), mayRead: false, problem: nil, asker: asked ? asker : nil,
                license: asked ? .of("answer.license", .text(text: holder.name), .text(text: holder.number)) : nil,
                shares: asked ? [.of("answer.shares.license"), .of("answer.shares.status")] : [],
                face: face))
    }

    static func history(isEmpty: Bool) -> Screen {
        let kinds: [(HistoryKind, String)] = [
            (.shown, "history.shown"), (.renewed, "history.renewed"), (.enrolled, "history.enrolled"),
        ]
        let rows = kinds.enumerated().map { index, kind in
            let at = 1_795_716_000 - UInt64(index) * 50_000
            return HistoryRow(
                kind: kind.0, headline: .of(kind.1), status: nil, details: [], day: .dayOf(seconds: at),
                at: .moment(seconds: at))
        }
        return .history(HistoryScreen(broken: nil, rows: isEmpty ? [] : rows))
    }

    static func settings(asked: Bool) -> Screen {
        let license = RemovableLicense(
            id: "1", name: .text(text: holder.name), number: holder.number, asked: asked, removing: false)
        return .settings(
            SettingsScreen(
                licenses: [license], authority: "https://licenses.example",
                links: [SettingsLink(place: .language, words: .of("settings.language"))]))
    }
}
#endif
#endif
