import VidimusApp

/// The values of the app that checks licenses, of notices and of the face, as ``AppValues``.
extension AppValues {
    static var ofTheOfficer: [(name: String, value: any Sendable)] {
        var all: [(name: String, value: any Sendable)] = officerRecords.map { ("\(type(of: $0))", $0) }
        all += turns.map { ("FaceTurn.\($0)", $1) }
        all += faces.map { ("FaceView.\($0)", $1) }
        all += notices.map { ("NoticeKind.\($0)", $1) }
        all += officerScreens.map { ("OfficerScreen.\($0)", $1) }
        all += officerAnswers.map { ("OfficerAnswer.\($0)", $1) }
        all += officerActions.map { ("OfficerAction.\($0)", $1) }
        all += officerAsks.map { ("OfficerAsk.\($0)", $1) }
        return all
    }

    static let trust = TrustRow(name: marker, sign: sign, list: words, statuses: words)
    static let start = StartScreen(trust: [trust], note: note, trouble: note, refreshing: true, mayCheck: true)
    static let look = LookScreen(
        title: words, hint: words, miss: note, torch: true, refused: note, typing: field, mayRead: true)
    static let reason = ReasonRow(code: marker, sign: sign, words: words, whatToDo: words)
    static let verdict = VerdictScreen(
        word: words, sign: sign, announcement: 1, spoken: words, holder: holder, authority: marker, standing: status,
        source: words, reasons: [reason], face: .picture(id: marker), faceHint: words, notes: [note], clock: words,
        firstSeen: words, doubtful: true, isAnswer: true, torch: true)
    static let two = TwoScreen(note: note, torch: true)
    static let doubt = DoubtScreen(
        hint: words, qr: 1, digits: marker, ends: words, problem: note, asking: true, mayLook: true)
    static let checkRow = CheckRow(day: text, at: text, word: words, sign: sign, reasons: [words], number: marker)
    static let checks = CheckLogScreen(broken: note, kept: words, rows: [checkRow], mayExport: true, failed: note)
    static let bookBlocked = BookBlockedScreen(
        trouble: .internal, sign: sign, title: words, happened: words, action: .retry, button: words, working: true)
    static let officerEffect = OfficerShellEffect(id: 1, ask: .share)
    static let officerUpdate = OfficerUpdate(
        number: 1, screen: .verdict(verdict), isPersonal: true, effects: [officerEffect])
    static let notice = LicenseNotice(license: marker, kind: .licenseEnds(days: 7))
    static let planned = PlannedNotice(at: 1, notice: notice)

    static let officerRecords: [any Sendable] = [
        trust, start, look, reason, verdict, two, doubt, checkRow, checks, bookBlocked, officerEffect, officerUpdate,
        notice, planned, DueNotices(now: [notice], planned: [planned]), FaceAsked(on: true),
    ]

    static let turns: [(String, FaceTurn)] = [
        ("none", .none), ("off", .off), ("token", .token), ("frame", .frame(index: 1, count: 6)),
    ]

    static let faces: [(String, FaceView)] = [
        ("none", .none), ("awaited", .awaited), ("ring", .ring(read: 1, count: 6)), ("picture", .picture(id: marker)),
    ]

    static let notices: [(String, NoticeKind)] = [
        ("licenseReceived", .licenseReceived), ("applicationRefused", .applicationRefused),
        ("statusChanged", .statusChanged), ("otherPhone", .otherPhone), ("licenseEnds", .licenseEnds(days: 7)),
        ("categoryEnds", .categoryEnds(days: 7)), ("noRefresh", .noRefresh),
    ]

    static let officerScreens: [(String, OfficerScreen)] = [
        ("opening", .opening), ("start", .start(start)), ("look", .look(look)), ("verdict", .verdict(verdict)),
        ("two", .two(two)), ("doubt", .doubt(doubt)), ("log", .log(checks)), ("blocked", .blocked(bookBlocked)),
    ]

    static let officerAnswers: [(String, OfficerAnswer)] = [
        ("texts", .texts(texts: [marker])), ("cameraRefused", .cameraRefused), ("left", .left), ("shared", .shared),
    ]

    static let officerActions: [(String, OfficerAction)] = [
        ("seen", .seen), ("left", .left), ("back", .back), ("refresh", .refresh), ("check", .check),
        ("torch", .torch(on: true)), ("typeInstead", .typeInstead), ("typeText", .typeText(text: marker, edit: 1)),
        ("readText", .readText), ("allowCamera", .allowCamera), ("ask", .ask), ("askByDigits", .askByDigits),
        ("lookForAnswer", .lookForAnswer), ("log", .log), ("export", .export), ("act", .act(action: .retry)),
        ("done", .done(id: 1, answer: .texts(texts: [marker]))),
    ]

    static let officerAsks: [(String, OfficerAsk)] = [
        ("camera", .camera), ("torch", .torch), ("share", .share), ("leave", .leave(to: .clock)),
    ]
}
