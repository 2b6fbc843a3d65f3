import Testing
import VidimusApp

@testable import VidimusShell

/// The stack that mirrors what the core shows.
@Suite struct TrailTests {
    private let first = Stop("license", depth: 0)
    private let answer = Stop("answer", depth: 1)
    private let scan = Stop("scan", depth: 2)
    private let show = Stop("show", depth: 1)

    @Test func whatIsDeeperIsPutOnTopAndWhatIsHigherTakesItAway() {
        var trail = Trail("license", at: first)
        trail.follow("answer", at: answer)
        trail.follow("scan", at: scan)
        #expect(trail.path == [answer, scan] && trail.root == "license")
        #expect(trail[answer] == "answer" && trail[scan] == "scan")
        trail.follow("answer with digits", at: answer)
        #expect(trail.path == [answer] && trail[answer] == "answer with digits")
        trail.follow("license", at: first)
        #expect(trail.path.isEmpty)
    }

    /// The core leads from a showing to the license, and not to the question that it answered.
    @Test func whatIsAsDeepTakesTheOthersPlace() {
        var trail = Trail("license", at: first)
        trail.follow("answer", at: answer)
        trail.follow("show", at: show)
        #expect(trail.path == [show] && trail[show] == "show")
    }

    /// A page without its screen would be empty while it slides away.
    @Test func whatWasLeftIsThereUntilItIsOutOfSight() {
        var trail = Trail("license", at: first)
        trail.follow("answer", at: answer)
        trail.follow("license", at: first)
        #expect(trail[answer] == "answer")
        trail.forget()
        #expect(trail[answer] == nil)
    }

    @Test func aSwipeIsToldOnceAndWhereTheCoreStaysItsScreenComesBack() {
        var trail = Trail("license", at: first)
        trail.follow("answer", at: answer)
        let isTold = trail.leave(for: [])
        #expect(isTold && trail.path.isEmpty)
        let isToldAgain = trail.leave(for: [])
        #expect(!isToldAgain, "nothing is left to go back from")
        trail.follow("answer", at: answer)
        #expect(trail.path == [answer])
    }

    /// SwiftUI also writes the path that is there already.
    @Test func aPathThatIsNotShorterIsNoSwipe() {
        var trail = Trail("license", at: first)
        trail.follow("answer", at: answer)
        let isTold = trail.leave(for: [answer])
        #expect(!isTold && trail.path == [answer])
    }

    @Test func anAppThatBeginsDeepHasAWayBack() {
        let trail = Trail("answer", at: answer)
        #expect(trail.path == [answer])
    }

    @Test func onlyAFirstScreenHasNoWayBack() {
        #expect(Screen.opening.stop.depth == 0)
        let history = Screen.history(HistoryScreen(broken: nil, rows: []))
        #expect(history.stop == Stop("history", depth: 1))
    }
}
