/// A library that is inside, and its licence.
public struct Notice: Hashable, Sendable {
    /// Its name, or several with their versions.
    public let name: String
    /// Its licence, by its SPDX name.
    public let licence: String

    /// A notice.
    public init(name: String, licence: String) {
        self.name = name
        self.licence = licence
    }
}
