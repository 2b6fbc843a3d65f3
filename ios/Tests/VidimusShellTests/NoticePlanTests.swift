import Foundation
import Testing
import VidimusApp

@testable import VidimusShell

/// What the system is asked for, of what a driver is to be told.
@Suite struct NoticePlanTests {
    private func due(
        now: [(String, NoticeKind)] = [], planned: [(UInt64, String, NoticeKind)] = []
    ) -> DueNotices {
        DueNotices(
            now: now.map { LicenseNotice(license: $0.0, kind: $0.1) },
            planned: planned.map { PlannedNotice(at: $0.0, notice: LicenseNotice(license: $0.1, kind: $0.2)) })
    }

    /// All notices have the same sentence: two of one license would say it twice.
    @Test func whatIsNewOfALicenseIsToldOnce() {
        let plan = NoticePlan(due(now: [("a", .statusChanged), ("a", .licenseEnds(days: 7)), ("b", .otherPhone)]))
        #expect(plan.entries.map(\.license) == ["a", "b"] && plan.entries.allSatisfy { $0.at == nil })
        #expect(Set(plan.entries.map(\.identifier)).count == 2)
    }

    @Test func whatComesLaterIsPlannedAtItsTime() {
        let plan = NoticePlan(
            due(
                now: [("a", .statusChanged)],
                planned: [
                    (1_000, "a", .licenseEnds(days: 30)), (1_000, "a", .noRefresh), (1_000, "b", .noRefresh),
                    (2_000, "a", .licenseEnds(days: 7)),
                ]))
        #expect(plan.entries.map(\.at) == [nil, 1_000, 1_000, 2_000])
        #expect(plan.entries.map(\.license) == ["a", "a", "b", "a"])
        #expect(Set(plan.entries.map(\.identifier)).count == 4, "none takes the place of another")
    }

    /// The system keeps 64 of an app, and which ones is not said.
    @Test func theNearestOnesAreAskedFor() {
        let plan = NoticePlan(due(planned: (1...100).map { (UInt64($0), "a", .categoryEnds(days: 1)) }))
        #expect(plan.entries.count == 64 && plan.entries.last?.at == 64)
    }

    @Test func nothingIsDueAndNothingIsAskedFor() {
        #expect(NoticePlan(due()).entries.isEmpty)
    }

    @Test func aMomentIsTheSameInEveryZone() {
        let components = NoticePlan.components(of: 1_795_716_059)
        #expect(components.timeZone == .gmt)
        #expect((components.year, components.month, components.day) == (2026, 11, 26))
        #expect((components.hour, components.minute, components.second) == (18, 0, 59))
        #expect(components.date?.timeIntervalSince1970 == 1_795_716_059)
    }

    @Test func aTapLeadsToTheLicenseOfItsNotice() {
        #expect(NoticePlan.license(of: NoticePlan.information(of: "a")) == "a")
        #expect(NoticePlan.license(of: ["other": "a"]) == nil && NoticePlan.license(of: ["license": 1]) == nil)
    }
}
