import Foundation
import Testing
import Vidimus
import VidimusTestSupport

/// Transports written in Swift, good ones and bad ones.
@Suite struct TransportSanitized {
    @Test func aLicenseComesOverATransportWrittenInSwift() async throws {
        let authority = try await Authority.start()
        let transport = SessionTransport()
        let phone = try await Phone(authority, network: .transport(transport))
        let license = try await phone.enrollNewDriver()
        #expect(transport.requests >= 5)
        let verdict = try await phone.reader().check(phone.show(license).text)
        #expect(verdict.isAccepted)
    }

    static let faults: [(DeviceError, NetworkProblem)] = [
        (.unreachable, .unreachable), (.certificate, .certificate), (.timeout, .timeout), (.tooLarge, .tooLarge),
        (.broken, .broken), (.failed, .broken), (.locked, .broken), (.unavailable, .broken),
        (.invalidated, .broken), (.notFound, .broken), (.refused, .broken),
    ]

    @Test(arguments: faults)
    func eachErrorOfATransportHasAnErrorOfTheWallet(fault: DeviceError, expected: NetworkProblem) async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority, network: .transport(SessionTransport { _ in throw fault }))
        let added = try await authority.register()
        await #expect(throws: WalletError.network(expected)) { try await phone.wallet.readOffer(added.offer) }
    }

    @Test func anUnexpectedErrorOfATransportIsAFailureWithoutItsText() async throws {
        struct Unexpected: Error, CustomStringConvertible { let description = "token 1234" }
        let authority = try await Authority.start()
        let phone = try await Phone(authority, network: .transport(SessionTransport { _ in throw Unexpected() }))
        let added = try await authority.register()
        let thrown = await error { try await phone.wallet.readOffer(added.offer) }
        #expect(thrown as? WalletError == .network(.broken))
        #expect(!String(reflecting: thrown).contains("1234"))
    }

    @Test func whatTheNetworkDidWrongStandsInTheReportOfARefresh() async throws {
        let authority = try await Authority.start()
        let transport = SessionTransport()
        let phone = try await Phone(authority, network: .transport(transport))
        let license = try await phone.enrollNewDriver()
        transport.setObstacle { _ in throw DeviceError.unreachable }
        let report = try await phone.wallet.refresh(.now)
        #expect(report.changes.isEmpty)
        #expect(report.failures.map(\.error) == [.network(.unreachable), .network(.unreachable)])
        #expect(report.failures.map(\.subject).contains(.status(license: license)))
    }

    @Test func anAddressWithoutTLSOfAnotherMachineIsNotAllowed() async throws {
        let authority = try await Authority.start()
        let folder = try TemporaryFolder()
        let keys = try FileKeyStore(directory: folder.appending("keys"))
        await #expect(throws: WalletError.network(.addressNotAllowed)) {
            try await Wallet.create(
                at: folder.appending("wallet"),
                trusting: authority.rootKey,
                authority: #require(URL(string: "http://authority.example")),
                keyStore: keys
            )
        }
    }
}
