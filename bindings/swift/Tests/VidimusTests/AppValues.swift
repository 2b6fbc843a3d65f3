import VidimusApp

/// A value of each record and of each variant of the driver's app, with a marker in each text.
enum AppValues {
    static let marker = "Nakamura-4711"

    static var all: [(name: String, value: any Sendable)] {
        var all: [(name: String, value: any Sendable)] = records.map { ("\(type(of: $0))", $0) }
        all += values.map { ("Value.\($0)", $1) }
        all += phases.map { ("ShowPhase.\($0)", $1) }
        all += screens.map { ("Screen.\($0)", $1) }
        all += answers.map { ("Answer.\($0)", $1) }
        all += actions.map { ("Action.\($0)", $1) }
        all += asks.map { ("Ask.\($0)", $1) }
        all += offered.map { ("Offered.\($0)", $1) }
        return all + ofTheOfficer
    }

    static let asks: [(String, Ask)] = [
        ("unlock", .unlock(reason: .showing)), ("camera", .camera), ("leave", .leave(to: .clock)), ("save", .save),
        ("openBrowser", .openBrowser), ("stayAwake", .stayAwake),
    ]
    static let offered: [(String, Offered)] = [
        ("show", .show), ("answer", .answer), ("act", .act(action: .retry)),
    ]
    static let day = CalendarDay(year: 1991, month: 2, day: 28)
    static let words = Words(key: marker, values: values.map(\.1))
    static let sign = Sign(tone: .good, mark: .disc)
    static let note = Note(sign: sign, words: words)
    static let field = Field(text: marker, edit: 1)
    static let text = Value.text(text: marker)
    static let story = Story(
        trouble: .internal, sign: sign, title: words, happened: words, holds: words, toDo: words, action: .retry,
        button: words)
    static let status = CardStatus(state: words, sign: sign, age: text, asOf: words)
    static let asker = Asker(name: text, proof: note)
    static let length = CodeLength(count: 6, complete: true, words: words)
    static let code = CodeField(field: field, numeric: true, hint: words, issuerHint: marker, length: length)
    static let condition = Condition(code: marker, meaning: words)
    static let row = CategoryRow(
        code: marker, meaning: words, from: words, until: words, conditions: [condition])
    static let holder = Holder(
        familyName: marker, givenNames: marker, name: marker, born: .day(day: day), number: marker, country: marker,
        issued: day, expires: text, categories: [row])
    static let card = LicenseCard(
        id: marker, holder: holder, status: status, portrait: marker, damaged: note, spoken: words)
    static let pager = Pager(place: words, previous: 0, next: 2)
    static let applicationButton = ApplicationButton(words: words, does: .signIn)
    static let application = ApplicationCard(
        id: marker, stage: note, told: [words], authoritySays: marker, asking: true, button: applicationButton)
    static let signIn = SignInScreen(
        authority: marker, told: [words], until: words, working: true, refusal: note, wantsLock: true, button: words,
        mayCancel: true)
    static let license = LicenseScreen(
        title: words, card: card, pager: pager, refreshing: true, applications: [application], troubles: [story],
        mayShow: true)
    static let live = LiveCode(
        showing: 1, frame: 1, holder: marker, portrait: marker, number: marker, categories: [marker],
        now: .clock(seconds: 1), face: .frame(index: 1, count: 6), status: status, nextInS: 1, periodS: 10, next: words,
        ends: words,
        spoken: words, audience: asker, statusLeftOut: note)
    static let button = ShowButton(words: words, does: .act(action: .retry))
    static let show = ShowScreen(phase: .live(code: live), button: button)
    static let welcome = WelcomeScreen(
        title: words, body: words, mayGoBack: true, lock: note, maySignIn: true, applications: [application],
        typing: true, offer: field, reading: true,
        mayRead: true, refusal: note,
        troubles: [story])
    static let scan = ScanScreen(title: words, hint: words, refused: note, instead: words)
    static let offer = OfferScreen(
        issuer: marker, name: marker, proof: note, code: code, issuing: true, refusal: note, wantsLock: true,
        mayTake: true)
    static let answer = AnswerScreen(
        digits: field, mayRead: true, problem: note, asker: asker, license: words, shares: [words],
        face: FaceAsked(on: true))
    static let historyRow = HistoryRow(
        kind: .shown, headline: words, status: words, details: [words], day: text, at: text)
    static let history = HistoryScreen(broken: note, rows: [historyRow])
    static let removable = RemovableLicense(id: marker, name: text, number: marker, asked: true, removing: true)
    static let link = SettingsLink(place: .language, words: words)
    static let settings = SettingsScreen(licenses: [removable], authority: marker, links: [link])
    static let blocked = BlockedScreen(story: story, working: true)
    static let effect = ShellEffect(id: 1, ask: .unlock(reason: .showing))
    static let update = Update(number: 1, screen: .license(license), isPersonal: true, effects: [effect])

    static let records: [any Sendable] = [
        day, words, sign, note, field, story, status, asker, length, code, condition, row, holder, card, pager,
        license, live, button, show, welcome, scan, offer, answer, historyRow, history, removable, link, settings,
        blocked, effect, update, applicationButton, application, signIn,
    ]

    static let values: [(String, Value)] = [
        ("text", .text(text: marker)), ("word", .word(key: marker)), ("number", .number(number: 1)),
        ("count", .count(key: marker, number: 1)), ("day", .day(day: day)), ("month", .month(year: 1991, month: 2)),
        ("year", .year(year: 1991)), ("moment", .moment(seconds: 1)),
        ("clock", .clock(seconds: 1)), ("dayOf", .dayOf(seconds: 1)), ("age", .age(minutes: 1)),
        ("confirmed", .confirmed(minutes: 1)), ("countdown", .countdown(seconds: 1)),
        ("several", .several(items: [marker, marker])),
    ]

    static let phases: [(String, ShowPhase)] = [
        ("unlocking", .unlocking(words: words)), ("locked", .locked(note: note)), ("starting", .starting(words: words)),
        ("live", .live(code: live)), ("over", .over(words: [words])), ("failed", .failed(story: story)),
    ]

    static let screens: [(String, Screen)] = [
        ("opening", .opening), ("welcome", .welcome(welcome)), ("scan", .scan(scan)), ("offer", .offer(offer)),
        ("signIn", .signIn(signIn)), ("license", .license(license)), ("show", .show(show)), ("answer", .answer(answer)),
        ("history", .history(history)), ("settings", .settings(settings)), ("blocked", .blocked(blocked)),
    ]

    static let answers: [(String, Answer)] = [
        ("lock", .lock(outcome: .opened)), ("seen", .seen(text: marker)), ("cameraRefused", .cameraRefused),
        ("left", .left), ("noBrowser", .noBrowser), ("saved", .saved),
    ]

    static let actions: [(String, Action)] = [
        ("seen", .seen(hasLock: true)), ("left", .left), ("back", .back), ("addLicense", .addLicense),
        ("typeOffer", .typeOffer(text: marker, edit: 1)), ("readOffer", .readOffer), ("scan", .scan),
        ("link", .link(text: marker)), ("typeCode", .typeCode(text: marker, edit: 1)), ("takeOffer", .takeOffer),
        ("select", .select(index: 1)), ("refresh", .refresh), ("show", .show), ("endShow", .endShow),
        ("answer", .answer), ("typeAnswer", .typeAnswer(text: marker, edit: 1)), ("readAnswer", .readAnswer),
        ("answerNow", .answerNow), ("history", .history), ("settings", .settings),
        ("askToRemove", .askToRemove(license: marker)), ("keep", .keep), ("remove", .remove),
        ("act", .act(action: .retry)), ("done", .done(id: 1, answer: .seen(text: marker))),
        ("open", .open(place: .clock)),
        ("allowCamera", .allowCamera), ("typeInstead", .typeInstead), ("check", .check),
        ("showFace", .showFace(on: true)), ("signIn", .signIn), ("cancelSignIn", .cancelSignIn),
        ("dismiss", .dismiss(application: marker)),
    ]
}
