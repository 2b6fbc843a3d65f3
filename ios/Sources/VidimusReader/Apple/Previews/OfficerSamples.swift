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

/// An officer who is not there: what is pressed does nothing.
@MainActor final class SampleOfficer: Officer {
    func send(_ action: OfficerAction) {}
    func nextEdit(shown: UInt64) -> UInt64 { shown + 1 }
    func tells(_ announcement: UInt64) -> Bool { false }
    func picture(_ id: String) -> Data? { nil }
    func question(_ id: UInt64) -> QRSymbol? {
        QRSymbol(size: 21, modules: Data((0..<63).map { UInt8(truncatingIfNeeded: $0 &* 37) }))
    }
}

/// Screens of the app that checks licenses, by the names of their states.
enum OfficerSamples {
    static let unknown = Sign(tone: .unknown, mark: .diamond)
    private static let at: UInt64 = 1_795_716_000

    // MARK: - Start

    static func start(_ trust: [TrustRow], note: String? = nil, refreshing: Bool = false) -> OfficerScreen {
        .start(
            StartScreen(
                trust: trust, note: note.map { Note(sign: trust.first?.sign ?? .good, words: .of($0)) }, trouble: nil,
                refreshing: refreshing, mayCheck: true))
    }

    static let fresh = trusted(.good, list: .of("officer.trust.list", .age(minutes: 12)))
    static let old = trusted(.caution, list: .of("officer.trust.list", .age(minutes: 2_900)))
    static let missing = trusted(.bad, list: .of("officer.trust.no_list"))

    private static func trusted(_ sign: Sign, list: Words) -> TrustRow {
        TrustRow(
            name: "https://licenses.example", sign: sign, list: list,
            statuses: .of("officer.trust.statuses", .age(minutes: 12)))
    }

    static let offline = OfficerScreen.start(
        StartScreen(
            trust: [old], note: Note(sign: .caution, words: .of("officer.trust.old")),
            trouble: Note(sign: .caution, words: .of("trouble.no_network.title")), refreshing: false, mayCheck: true))

    // MARK: - Look

    static func look(
        _ title: String = "officer.look.title", miss: String? = nil, refused: Bool = false, typed: String? = nil
    ) -> OfficerScreen {
        let looks = !refused && typed == nil
        return .look(
            LookScreen(
                title: .of(title), hint: looks ? .of("officer.look.hint") : nil,
                miss: miss.map { Note(sign: unknown, words: .of($0)) }, torch: looks ? false : nil,
                refused: refused ? Note(sign: .caution, words: .of("scan.no_camera")) : nil,
                typing: typed.map { Field(text: $0, edit: 1) }, mayRead: typed?.isEmpty == false))
    }

    static let two = OfficerScreen.two(
        TwoScreen(note: Note(sign: .caution, words: .of("officer.both")), torch: false))

    // MARK: - Verdict

    static let holder = Holder(
        familyName: "Sommer", givenNames: "Ana Luisa", name: "Ana Luisa Sommer",
        born: .day(day: CalendarDay(year: 1987, month: 4, day: 2)), number: "B072RRE2I55", country: "DE",
        issued: CalendarDay(year: 2019, month: 5, day: 14),
        expires: .day(day: CalendarDay(year: 2034, month: 5, day: 13)),
        categories: [
            CategoryRow(
                code: "B", meaning: nil, from: nil, until: nil, conditions: [Condition(code: "01.06", meaning: nil)])
        ])

    /// A verdict with how the license stands, and the face as far as it was read.
    static func verdict(
        _ word: String, _ sign: Sign, state: String, minutes: UInt32? = 12, reasons: [String] = [], face: FaceView,
        hint: String, isAnswer: Bool = false, isReplayed: Bool = false
    ) -> OfficerScreen {
        let isWhole = if case .picture = face { true } else { false }
        let standing = CardStatus(
            state: .of(state), sign: sign, age: .confirmed(minutes: minutes),
            asOf: minutes == nil ? nil : .of("license.as_of", .moment(seconds: at)))
        let spoken = Words.of(
            "officer.spoken", .word(key: word), .text(text: holder.name), .word(key: state),
            .confirmed(minutes: minutes))
        return .verdict(
            VerdictScreen(
                word: .of(word), sign: sign, announcement: 1, spoken: spoken, holder: holder,
                authority: "Ministry of Roads", standing: standing, source: .of("officer.source.bundle"),
                reasons: rows(reasons, sign), face: face, faceHint: .of(hint),
                notes: isReplayed ? [Note(sign: .caution, words: .of("officer.note.seen_lost"))] : [],
                clock: isReplayed ? .of("officer.clock.ahead", .countdown(seconds: 75)) : nil,
                firstSeen: isReplayed ? .of("officer.first_seen", .clock(seconds: at)) : nil,
                doubtful: isReplayed, isAnswer: isAnswer, torch: isWhole ? nil : false))
    }

    private static func rows(_ reasons: [String], _ sign: Sign) -> [ReasonRow] {
        reasons.map { code in
            ReasonRow(code: code, sign: sign, words: .of("reason.\(code)"), whatToDo: .of("reason.\(code).do"))
        }
    }

    static let accepted = verdict(
        "officer.accept", .good, state: "state.valid", face: .picture(id: "1"), hint: "officer.face.compare")
    static let reading = verdict(
        "officer.accept", .good, state: "state.valid", face: .ring(read: 5, count: 12), hint: "officer.face.reading")
    static let awaited = verdict(
        "officer.accept", .good, state: "state.valid", face: .awaited, hint: "officer.face.awaited")
    static let faceless = verdict(
        "officer.accept", .good, state: "state.valid", face: .none, hint: "officer.face.none")
    static let answered = verdict(
        "officer.accept", .good, state: "state.valid", face: .picture(id: "1"), hint: "officer.face.compare",
        isAnswer: true)
    static let stale = verdict(
        "officer.caution", .caution, state: "trouble.status_old.title", minutes: 5_000, reasons: ["status_stale"],
        face: .picture(id: "1"), hint: "officer.face.compare")
    static let suspended = verdict(
        "officer.refuse", .bad, state: "state.suspended", reasons: ["suspended"], face: .picture(id: "1"),
        hint: "officer.face.compare")
    static let replayed = verdict(
        "officer.caution", .caution, state: "state.valid", reasons: ["replayed"], face: .awaited,
        hint: "officer.face.awaited", isReplayed: true)
    /// What no authority has signed.
    static let forged = OfficerScreen.verdict(
        VerdictScreen(
            word: .of("officer.refuse"), sign: .bad, announcement: 1,
            spoken: .of(
                "officer.spoken_unproven", .word(key: "officer.refuse"), .word(key: "reason.bad_signature")),
            holder: nil, authority: nil, standing: nil, source: nil, reasons: rows(["bad_signature"], .bad),
            face: .none, faceHint: nil, notes: [], clock: nil, firstSeen: nil, doubtful: false, isAnswer: false,
            torch: false))

    // MARK: - Doubt, log, blocked

    static func doubt(
        _ hint: String, qr: UInt64? = nil, digits: String? = nil, problem: Note? = nil, asking: Bool = false
    ) -> OfficerScreen {
        let isAsked = qr != nil || digits != nil
        return .doubt(
            DoubtScreen(
                hint: .of(hint), qr: qr, digits: digits,
                ends: isAsked ? .of("officer.doubt.ends", .countdown(seconds: 104)) : nil, problem: problem,
                asking: asking, mayLook: isAsked))
    }

    static let noAnswer = Note(sign: .bad, words: .of("officer.doubt.no_answer"))

    static func log(isEmpty: Bool, broken: Bool = false) -> OfficerScreen {
        let kinds: [(String, Sign, [String])] = [
            ("officer.accept", .good, []), ("officer.refuse", .bad, ["reason.suspended"]),
            ("officer.caution", .caution, ["reason.status_stale"]),
        ]
        let rows = kinds.enumerated().map { index, kind in
            let at = at - UInt64(index) * 50_000
            return CheckRow(
                day: .dayOf(seconds: at), at: .moment(seconds: at), word: .of(kind.0), sign: kind.1,
                reasons: kind.2.map { .of($0) }, number: holder.number)
        }
        return .log(
            CheckLogScreen(
                broken: broken ? Note(sign: .bad, words: .of("history.broken")) : nil,
                kept: .of("officer.log.kept", .number(number: 30)), rows: isEmpty ? [] : rows, mayExport: !isEmpty,
                failed: nil))
    }

    static let blocked = OfficerScreen.blocked(
        BookBlockedScreen(
            trouble: .storageFull, sign: .caution, title: .of("trouble.storage_full.title"),
            happened: .of("officer.blocked.storage_full"), action: .freeStorage, button: .of("action.storage"),
            working: false))
}
#endif
#endif
