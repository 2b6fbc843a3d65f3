import Vidimus

/// Settings.
public struct SettingsState: Hashable, Sendable, Silent {
    /// What may be removed.
    public var licenses: [LicenseCard]
    /// The license whose removal is asked about.
    public var removing: HeldLicense.ID?
    /// The address of the authority.
    public let authority: String
    /// The app's version.
    public let version: String
    /// The licences of the code that is inside.
    public let notices: [Notice]

    /// Settings in which no removal is asked about, unless said otherwise.
    public init(
        licenses: [LicenseCard],
        removing: HeldLicense.ID? = nil,
        authority: String,
        version: String,
        notices: [Notice]
    ) {
        self.licenses = licenses
        self.removing = removing
        self.authority = authority
        self.version = version
        self.notices = notices
    }
}

/// A library that is inside, and its licence.
public struct Notice: Hashable, Sendable {
    /// The library.
    public let name: String
    /// Its licence, by its SPDX name.
    public let licence: String

    /// A notice.
    public init(name: String, licence: String) {
        self.name = name
        self.licence = licence
    }
}
