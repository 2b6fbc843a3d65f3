import Testing
import VidimusApp

@testable import VidimusShell

/// What a picture remembers by itself: what is typed, and the newest picture.
@MainActor @Suite struct FieldTests {
    @Test func whatIsTypedStandsThereUntilTheAppHasHeardAllOfIt() {
        var typing = Typing()
        #expect(typing.text(over: Field(text: "from before", edit: 3)) == "from before")
        typing.type("12", edit: 4)
        typing.type("12a", edit: 5)
        #expect(typing.text(over: Field(text: "from before", edit: 3)) == "12a")
        #expect(typing.text(over: Field(text: "12", edit: 4)) == "12a", "a slow app eats no key")
        #expect(typing.text(over: Field(text: "12", edit: 5)) == "12", "then its word is the last")
        #expect(typing.text(over: Field(text: "", edit: 5)) == "", "as after a code that was refused")
        #expect(typing.text(over: Field(text: "", edit: 6)) == "", "and after another field was heard")
    }

    @Test func whatWasTypedIsNotPrinted() {
        var typing = Typing()
        typing.type("493536", edit: 1)
        var dumped = ""
        dump(typing, to: &dumped)
        #expect(!"\(typing) \(String(reflecting: typing)) \(dumped)".contains("493536"))
    }

    @Test func aPictureIsMadeOnceForItsID() {
        let pictures = Remembered<String, Int>()
        var made = 0
        func picture(_ id: String) -> Int? {
            pictures.value(of: id) {
                made += 1
                return id == "gone" ? nil : made
            }
        }
        #expect(picture("one") == 1 && picture("one") == 1)
        #expect(picture("two") == 2 && picture("two") == 2)
        #expect(picture("gone") == nil && picture("gone") == nil && made == 4, "it is looked for again")
        #expect(picture("two") == 5, "only the newest is remembered")
    }
}
