import Foundation
import Testing
import Vidimus
import VidimusTestSupport

/// What a wallet and a reader hold of a person is not printed, by any of Swift's ways.
@Suite struct Silence {
    @Test func aWalletPrintsNothingOfItsDriverItsCodesAndWhoAsked() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority)
        let license = try await phone.enrollNewDriver()
        let wallet = phone.wallet
        let reader = try await phone.reader()
        let challenge = try reader.ask(as: "Hotel Zum Bären")
        let request = try await wallet.readChallenge(challenge.text)
        let presentation = try await wallet.answer(request, with: license)
        let frame = try await presentation.frame()
        let verdict = try reader.check(frame.text, answering: challenge)
        try await presentation.end()
        var status = wallet.status.makeAsyncIterator()
        let header = HTTPHeader(name: "authorization", value: "Bearer secret-token")
        let values: [Any] = [
            try #require(await status.next()), try await wallet.licenses(), frame, verdict, request,
            try await wallet.activity(), header,
            HTTPResponse(status: 200, headers: [header], body: Data("secret-token".utf8)),
        ]
        let secrets = ["Nakamura", "Zoë", "1991", "ZZ-4711", "Bären", frame.text, "secret-token"]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), String(describing: Optional(value)), dumped] {
                for secret in secrets {
                    #expect(!text.contains(secret), "\(type(of: value)) prints \(secret)")
                }
            }
        }
    }
}
