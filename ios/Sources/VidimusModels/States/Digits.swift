extension String {
    /// The same with every decimal digit of any script as `0` to `9`: a keyboard may have Arabic or Bengali ones.
    var withAsciiDigits: String {
        String(map { $0.asciiDigit ?? $0 })
    }

    /// The decimal digits alone, as `0` to `9`.
    var asciiDigits: String {
        String(compactMap(\.asciiDigit))
    }
}

extension Character {
    /// Whether a code that is typed by hand may have it.
    var belongsToACode: Bool {
        !isWhitespace && unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    fileprivate var asciiDigit: Character? {
        guard unicodeScalars.count == 1, let properties = unicodeScalars.first?.properties,
            properties.numericType == .decimal, let value = wholeNumberValue
        else { return nil }
        return Character("\(value)")
    }
}
