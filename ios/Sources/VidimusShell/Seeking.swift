import VidimusApp

/// The way to one license among several, from card to card: to the last one, then back to the
/// first.
struct Seeking {
    let license: String
    private var isForward = true

    init(license: String) {
        self.license = license
    }

    /// The license to bring to the front next; `nil` where it is there, or is none of these.
    mutating func next(from screen: LicenseScreen) -> UInt32? {
        guard screen.card.id != license, let pager = screen.pager else { return nil }
        if isForward, let next = pager.next { return next }
        isForward = false
        return pager.previous
    }
}
