/// Puts arguments into the places `{0}` to `{9}` of a text. One pass over the text: what was put in
/// is not looked at again, so that a name which contains `{1}` stays that name.
func filled(_ text: String, with arguments: [String]) -> String {
    var result = ""
    var rest = Substring(text).unicodeScalars
    while let next = rest.first {
        if let place = placeholder(at: rest), arguments.indices.contains(place) {
            result += arguments[place]
            rest = rest.dropFirst(3)
        } else {
            result.unicodeScalars.append(next)
            rest = rest.dropFirst()
        }
    }
    return result
}

/// The number of the placeholder that a text begins with. Scalars and not characters: a mark that
/// combines with a brace must not hide it, and Kotlin sees none either.
private func placeholder(at rest: Substring.UnicodeScalarView) -> Int? {
    let begin = Array(rest.prefix(3))
    guard begin.count == 3, begin[0] == "{", begin[2] == "}", ("0"..."9").contains(begin[1]) else { return nil }
    return Int(begin[1].value) - 48
}

/// The forms of a number that CLDR knows, in the order of `Plural.forms`.
enum PluralCategory: Int {
    case zero, one, two, few, many, other
}

extension Language {
    /// Which form CLDR's cardinal rules give a whole number. Spanish `many` (whole millions) reads
    /// like `other` here.
    func category(of number: Int) -> PluralCategory {
        let size = number.magnitude
        return switch self {
        case .english, .spanish: size == 1 ? .one : .other
        case .chinese: .other
        case .bengali: size <= 1 ? .one : .other
        case .arabic: Self.arabicCategory(of: size)
        }
    }

    private static func arabicCategory(of size: UInt) -> PluralCategory {
        switch (size, size % 100) {
        case (0, _): .zero
        case (1, _): .one
        case (2, _): .two
        case (_, 3...10): .few
        case (_, 11...99): .many
        default: .other
        }
    }
}
