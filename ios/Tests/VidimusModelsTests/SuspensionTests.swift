import Testing
import VidimusModels
import VidimusTestSupport

/// An issuer takes a code once: the app is not to sleep between the code and the license.
@MainActor @Suite struct SuspensionTests {
    private func issuing(_ screen: Screen) -> Bool? {
        if case .offer(let state) = screen { state.issuing } else { nil }
    }

    @Test(.timeLimit(.minutes(5)))
    func aLicenseIsIssuedWithoutSuspensionHoweverItEnds() async throws {
        let authority = try await Authority.start()
        let phone = try LivePhone(authority)
        defer { phone.close() }
        let added = try await authority.register()
        phone.model.scanned(added.offer)
        phone.model.start()
        #expect(try await phone.wait(for: "the offer", issuing) == false)
        #expect(phone.phone.suspensions.isEmpty, "reading one spends nothing")

        phone.model.typeCode(added.txCode.map { $0 == "0" ? "1" : "0" }.joined())
        phone.model.takeOffer()
        try await phone.wait(for: "the refusal") { issuing($0) == false ? true : nil }
        #expect(phone.phone.suspensions == [true, false])

        phone.phone.beforeWork.close()
        phone.model.typeCode(added.txCode)
        phone.model.takeOffer()
        try await until("the system was asked") { phone.phone.beforeWork.waiting == 1 }
        phone.model.left()
        #expect(try await phone.model.wallet?.licenses().isEmpty == true, "nothing is done before")
        #expect(phone.phone.suspensions == [true, false, true])
        phone.phone.beforeWork.open()
        try await phone.license()
        #expect(phone.phone.suspensions == [true, false, true, false])
    }
}
