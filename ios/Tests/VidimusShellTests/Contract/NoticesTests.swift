import Foundation
import Testing
import Vidimus
import VidimusApp
import VidimusTestSupport

@testable import VidimusShell

/// What a driver is told, of a real license of a real authority.
@Suite struct NoticesTests {
    @Test(.timeLimit(.minutes(2)))
    func aSuspensionIsToldOnceAndTheEndOfALicenseIsPlanned() async throws {
        let authority = try await Authority.start()
        do {
            let added = try await authority.register()
            let phone = try await Phone(authority)
            let license = try await phone.enroll(added)
            _ = try await phone.wallet.refresh(.now)

            // A license that is new is on the screen: nothing to tell, but what is to come.
            let first = NoticePlan(try await phone.wallet.dueNotices(plans: true))
            #expect(first.entries.allSatisfy { $0.at != nil })
            let moments = first.entries.compactMap(\.at)
            #expect(moments.count >= 4 && moments == moments.sorted(), "three ends, and three days of silence")
            // Of the license: 2035-05-31, and the day before its end.
            let last = try #require(moments.last)
            let components = NoticePlan.components(of: last)
            #expect((components.year, components.month) == (2035, 5))

            try await authority.setStatus("suspended", of: added)
            _ = try await phone.wallet.refresh(.now)
            let second = NoticePlan(try await phone.wallet.dueNotices(plans: true))
            #expect(second.entries.filter { $0.at == nil }.map(\.license) == [license])
            let third = NoticePlan(try await phone.wallet.dueNotices(plans: true))
            #expect(third.entries.allSatisfy { $0.at != nil }, "once")
        } catch {
            // An authority that still listens keeps the tests from ending.
            Issue.record(error)
        }
        authority.stop()
    }
}
