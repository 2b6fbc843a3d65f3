#if canImport(UIKit)
// Parsed on Linux and no more: no macro of Apple's is there. The samples are compiled.
#if DEBUG && !STAND_INS
import SwiftUI
import VidimusApp
import VidimusShell

@MainActor private func preview(_ screen: OfficerScreen, in language: Language = .english) -> some View {
    OfficerView(screen: screen, officer: SampleOfficer(), camera: nil, texts: Texts(language: language), close: {})
}

#Preview("Opening") { preview(.opening) }
#Preview("Start") { preview(OfficerSamples.start([OfficerSamples.fresh])) }
#Preview("Start, refreshing") { preview(OfficerSamples.start([OfficerSamples.fresh], refreshing: true)) }
#Preview("Start, no network") { preview(OfficerSamples.offline) }
#Preview("Start, no keys") { preview(OfficerSamples.start([OfficerSamples.missing], note: "officer.trust.missing")) }
#Preview("Look") { preview(OfficerSamples.look()) }
#Preview("Look, no license") { preview(OfficerSamples.look(miss: "officer.look.unreadable")) }
#Preview("Look, refused") { preview(OfficerSamples.look(refused: true)) }
#Preview("Look, typing") { preview(OfficerSamples.look(typed: "DL1:")) }
#Preview("Look, answer") { preview(OfficerSamples.look("officer.look.answer", miss: "officer.look.not_yet")) }
#Preview("Two licenses") { preview(OfficerSamples.two) }
#Preview("Accept") { preview(OfficerSamples.accepted) }
#Preview("Accept, Arabic") { preview(OfficerSamples.accepted, in: .arabic) }
#Preview("Accept, face awaited") { preview(OfficerSamples.awaited) }
#Preview("Accept, face reading") { preview(OfficerSamples.reading) }
#Preview("Accept, no face") { preview(OfficerSamples.faceless) }
#Preview("Accept, answer") { preview(OfficerSamples.answered) }
#Preview("Look closer, old status") { preview(OfficerSamples.stale) }
#Preview("Look closer, seen before") { preview(OfficerSamples.replayed) }
#Preview("Refuse, suspended") { preview(OfficerSamples.suspended) }
#Preview("Refuse, suspended, Bengali") { preview(OfficerSamples.suspended, in: .bengali) }
#Preview("Refuse, forged") { preview(OfficerSamples.forged) }
#Preview("Doubt, asking") { preview(OfficerSamples.doubt("officer.doubt.ask", asking: true)) }
#Preview("Doubt") { preview(OfficerSamples.doubt("officer.doubt.qr", qr: 1)) }
#Preview("Doubt, digits") { preview(OfficerSamples.doubt("officer.doubt.digits", digits: "48151623")) }
#Preview("Doubt, no answer") {
    preview(OfficerSamples.doubt("officer.doubt.ask", problem: OfficerSamples.noAnswer))
}
#Preview("Log") { preview(OfficerSamples.log(isEmpty: false)) }
#Preview("Log, empty") { preview(OfficerSamples.log(isEmpty: true)) }
#Preview("Log, changed") { preview(OfficerSamples.log(isEmpty: false, broken: true)) }
#Preview("Blocked") { preview(OfficerSamples.blocked) }
#endif
#endif
