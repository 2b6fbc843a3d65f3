import VidimusApp

// What a picture says by itself, where no screen brings a sign: a tone and its shape, as the core
// has them.
extension Sign {
    /// All is well: a good tone with a disc.
    public static let good = Sign(tone: .good, mark: .disc)
    /// A person must look at it.
    public static let caution = Sign(tone: .caution, mark: .triangle)
    /// Not to be used.
    public static let bad = Sign(tone: .bad, mark: .octagon)
}
