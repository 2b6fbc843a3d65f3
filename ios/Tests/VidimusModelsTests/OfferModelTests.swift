import Testing

@testable import Vidimus
@testable import VidimusModels

@MainActor @Suite struct OfferModelTests {
    private static let details = OfferDetails(
        issuer: "https://roads.example/",
        displayName: "Ministry of Roads",
        standing: .authority,
        txCode: TxCode(numeric: true, length: 8, description: "in the letter")
    )

    private func model(
        _ details: OfferDetails = Self.details, _ enroll: @escaping OfferModel.Enroll = { _ in "one" }
    ) -> OfferModel {
        OfferModel(details, enroll: enroll)
    }

    @Test(arguments: [IssuerStanding.authority, IssuerStanding.listed, IssuerStanding.unknown])
    func anIssuerIsProvenWhereTheLibrarySaysThatItIsTheAuthority(standing: IssuerStanding) {
        let details = OfferDetails(issuer: "https://roads.example", displayName: nil, standing: standing, txCode: nil)
        #expect(model(details).state.proven == (standing == .authority))
    }

    @Test(arguments: [
        ("1234 5678", "12345678"), ("٠١٢٣٤٥٦٧", "01234567"), ("০১২৩৪৫৬৭", "01234567"), ("123456789", "12345678"),
        ("12-34a²½", "1234"), ("1234", "1234"),
    ])
    func aNumericCodeTakesDigitsOfAnyScriptAndNoMoreThanItHas(typed: String, text: String) {
        let offer = model()
        offer.type(typed)
        #expect(offer.state.code?.text == text)
        #expect(offer.state.code?.missing == 8 - text.count)
        #expect(offer.state.mayTake == (text.count == 8))
    }

    @Test func anotherCodeTakesLettersWithoutSpacesAndHasALimitAllTheSame() {
        let offer = model(
            OfferDetails(
                issuer: "i", displayName: nil, standing: .listed,
                txCode: TxCode(numeric: false, length: nil, description: nil)))
        #expect(!offer.state.mayTake, "nothing was typed")
        offer.type(" aB ٣-é\n")
        #expect(offer.state.code?.text == "aB3-é")
        #expect(offer.state.mayTake)
        offer.type(String(repeating: "x", count: 100))
        #expect(offer.state.code?.text.count == 64)
    }

    @Test func anOfferWithoutACodeMayBeTakenAtOnce() async {
        var codes: [String?] = []
        let offer = model(OfferDetails(issuer: "i", displayName: nil, standing: .unknown, txCode: nil)) { code in
            codes.append(code)
            return "one"
        }
        offer.type("1234")
        #expect(offer.state.code == nil)
        #expect(await offer.take()?.value == "one")
        #expect(codes == [nil])
    }

    @Test func aWrongCodeKeepsTheScreenAndIsTypedAnew() async {
        var codes: [String?] = []
        let offer = model { (code) async throws(WalletError) in
            codes.append(code)
            if codes.count == 1 { throw .offer(.refused) }
            return "one"
        }
        #expect(offer.take() == nil, "nothing is asked for without a code")
        #expect(codes.isEmpty)
        offer.type("11111111")
        #expect(await offer.take()?.value == .some(nil))
        #expect(offer.state.refusal == .codeRefused && !offer.state.issuing)
        #expect(offer.state.code?.text == "")
        offer.type("22222222")
        #expect(offer.state.refusal == .codeRefused, "it stands there until the next answer")
        #expect(await offer.take()?.value == "one")
        #expect(codes == ["11111111", "22222222"])
    }

    @Test func aRefusalThatIsNotTheCodesKeepsTheCode() async {
        let offer = model { (_) async throws(WalletError) in throw .network(.unreachable) }
        offer.type("11111111")
        #expect(await offer.take()?.value == .some(nil))
        #expect(offer.state.refusal == .noNetwork && offer.state.mayTake)
        #expect(offer.state.code?.text == "11111111")
    }

    @Test func aSecondTapAndTypingDoNothingWhileItIsIssued() async throws {
        let gate = Gate()
        var calls = 0
        let offer = model { _ in
            calls += 1
            await gate.pass()
            return "one"
        }
        offer.type("11111111")
        let first = try #require(offer.take())
        #expect(offer.state.issuing && offer.take() == nil)
        try await until("the issuer is asked") { gate.waiting == 1 }
        offer.type("22222222")
        #expect(offer.state.code?.text == "11111111")
        gate.open()
        #expect(await first.value == "one")
        #expect(calls == 1)
    }

    @Test func whatIsStoppedMayBeTakenUpAgain() async throws {
        let offer = model { (_) async throws(WalletError) in
            while !Task.isCancelled { await Task.yield() }
            throw .cancelled
        }
        offer.type("11111111")
        let taking = try #require(offer.take())
        offer.cancel()
        #expect(await taking.value == nil)
        #expect(offer.state.refusal == .cancelled && offer.state.mayTake)
    }
}
