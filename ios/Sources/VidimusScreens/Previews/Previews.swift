#if canImport(UIKit)
// Parsed on Linux and no more: no macro of Apple's is there. The samples are compiled.
#if DEBUG && !STAND_INS
import SwiftUI
import VidimusApp
import VidimusShell

@MainActor private func preview(_ screen: Screen, in language: Language = .english) -> some View {
    DriverView(
        screen: screen, driver: SampleDriver(), texts: Texts(language: language),
        about: About(version: "0.1.0", notices: []))
}

#Preview("Opening") { preview(.opening) }
#Preview("Welcome") { preview(Samples.welcome()) }
#Preview("Welcome, no lock") { preview(Samples.welcome(lock: true)) }
#Preview("Welcome, typing") { preview(Samples.welcome(typing: true)) }
#Preview("Welcome, reading") { preview(Samples.welcome(reading: true)) }
#Preview("Welcome, again") { preview(Samples.welcome(again: true)) }
#Preview("Welcome, waiting") { preview(Samples.welcome(applications: [Samples.waiting])) }
#Preview("Welcome, refused") { preview(Samples.welcome(applications: [Samples.refused])) }
#Preview("Sign in") { preview(Samples.signIn()) }
#Preview("Sign in, receiving") { preview(Samples.signIn(working: true)) }
#Preview("Scan") { preview(Samples.scan(refused: false)) }
#Preview("Scan, refused") { preview(Samples.scan(refused: true)) }
#Preview("Offer") { preview(Samples.offer(proven: true, typed: "12")) }
#Preview("Offer, unproven") { preview(Samples.offer(proven: false, typed: "123456")) }
#Preview("Offer, issuing") { preview(Samples.offer(proven: true, typed: "123456", issuing: true)) }
#Preview("License") { preview(Samples.license(Samples.valid)) }
#Preview("License, Arabic") { preview(Samples.license(Samples.valid), in: .arabic) }
#Preview("License, refreshing") { preview(Samples.license(Samples.valid, refreshing: true)) }
#Preview("License, suspended") { preview(Samples.license(Samples.suspended, troubles: [Samples.takenAway])) }
#Preview("License, open case") { preview(Samples.license(Samples.open, troubles: [Samples.noNetwork])) }
#Preview("License, never confirmed") { preview(Samples.license(Samples.never)) }
#Preview("Show, unlocking") { preview(Samples.show(.unlocking(words: Words(key: "show.unlocking", values: [])))) }
#Preview("Show, locked") {
    let note = Note(sign: .caution, words: Words(key: "show.cancelled", values: []))
    preview(Samples.show(.locked(note: note), button: Samples.again))
}
#Preview("Show, starting") { preview(Samples.show(.starting(words: Words(key: "show.starting", values: [])))) }
#Preview("Show, good") { preview(Samples.live(Samples.valid)) }
#Preview("Show, good, Bengali") { preview(Samples.live(Samples.valid), in: .bengali) }
#Preview("Show, suspended") { preview(Samples.live(Samples.suspended)) }
#Preview("Show, open case") { preview(Samples.live(Samples.open)) }
#Preview("Show, never confirmed") { preview(Samples.live(Samples.never)) }
#Preview("Show, with the face") {
    preview(Samples.live(Samples.valid, face: .frame(index: 3, count: 12)))
}
#Preview("Show, no face") { preview(Samples.live(Samples.valid, face: .none)) }
#Preview("Show, over") {
    preview(Samples.show(.over(words: [Words(key: "show.over", values: [])]), button: Samples.again))
}
#Preview("Show, failed") { preview(Samples.show(.failed(story: Samples.full))) }
#Preview("Answer") { preview(Samples.answer(asked: false)) }
#Preview("Answer, asked") { preview(Samples.answer(asked: true)) }
#Preview("Answer, with the face") { preview(Samples.answer(asked: true, face: FaceAsked(on: false))) }
#Preview("History") { preview(Samples.history(isEmpty: false)) }
#Preview("History, empty") { preview(Samples.history(isEmpty: true)) }
#Preview("Settings") { preview(Samples.settings(asked: false)) }
#Preview("Settings, question") { preview(Samples.settings(asked: true)) }
#Preview("Blocked") { preview(.blocked(BlockedScreen(story: Samples.full, working: false))) }
#endif
#endif
