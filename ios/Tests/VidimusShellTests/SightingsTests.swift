import Testing

@testable import VidimusShell

/// What of a camera's pictures is news.
@Suite struct SightingsTests {
    private let begin = ContinuousClock.now

    @Test func theSameCodesAreNewsOnceInAnyOrder() {
        var sightings = Sightings(again: nil)
        let news = [["A"], ["A"], ["B", "A"], ["A", "B"], ["A", "B", "A"], [], ["A"]].map {
            sightings.isNews($0, at: begin)
        }
        #expect(news == [true, false, true, false, false, false, true])
    }

    @Test func anAppThatMayHaveBeenBusyHearsOfThemOnceMore() {
        var sightings = Sightings(again: .milliseconds(500))
        let news = [0, 499, 500, 999, 1000].map { sightings.isNews(["A"], at: begin + .milliseconds($0)) }
        #expect(news == [true, false, true, false, true])
    }

    @Test func whereItIsNotWantedNothingIsNewsTwice() {
        var sightings = Sightings(again: nil)
        let isNews = sightings.isNews(["A"], at: begin)
        let isNewsLater = sightings.isNews(["A"], at: begin + .seconds(3600))
        #expect(isNews && !isNewsLater)
    }
}
