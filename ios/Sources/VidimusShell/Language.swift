extension Language {
    /// The first of a driver's languages that there are words in; English where there is none.
    public static func preferred(in languages: [String]) -> Language {
        languages.lazy.compactMap { Language(rawValue: String($0.prefix { $0.isLetter }).lowercased()) }.first
            ?? .english
    }
}
