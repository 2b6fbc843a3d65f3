/// A library that is inside, and its license.
public struct Notice: Hashable, Sendable {
    /// Its name, or several with their versions.
    public let name: String
    /// Its license, by its SPDX name.
    public let licence: String

    /// A notice of one library and its license.
    public init(name: String, licence: String) {
        self.name = name
        self.licence = licence
    }
}
