import Foundation
import Vidimus

/// The licenses on this phone, one of them in front.
public struct LicenseState: Hashable, Sendable, Silent {
    /// The licenses; never empty.
    public let cards: [LicenseCard]
    /// The index of the one in front.
    public let selected: Int
    /// Whether the authority is being asked.
    public var refreshing: Bool
    /// What is wrong with the license in front or with the wallet, the worst first.
    public var troubles: [Trouble]

    /// - Precondition: `selected` is the index of a card.
    public init(cards: [LicenseCard], selected: Int, refreshing: Bool = false, troubles: [Trouble] = []) {
        precondition(cards.indices.contains(selected), "one of the cards is in front")
        self.cards = cards
        self.selected = selected
        self.refreshing = refreshing
        self.troubles = troubles
    }

    /// The license in front.
    public var card: LicenseCard { cards[selected] }
}

/// A license as a card. Personal data.
public struct LicenseCard: Hashable, Sendable, Identifiable, Silent {
    /// Its name in the wallet.
    public let id: HeldLicense.ID
    /// What the license says; `nil` where its place in the vault is damaged.
    public let holder: Holder?
    /// How it stands, and the age of its status.
    public var standing: Standing
    /// A JPEG, at most 64 KiB; `nil` where there is none, or before it was read.
    public var portrait: Data?
    /// Whether its place is damaged.
    public let damaged: Bool

    /// A card.
    public init(id: HeldLicense.ID, holder: Holder?, standing: Standing, portrait: Data?, damaged: Bool) {
        self.id = id
        self.holder = holder
        self.standing = standing
        self.portrait = portrait
        self.damaged = damaged
    }

    /// Whether it may be shown. A damaged one cannot; a suspended one can: it is the officer who refuses.
    public var mayShow: Bool { holder != nil && !damaged }
}

/// Whose license it is and what may be driven. Personal data.
public struct Holder: Hashable, Sendable, Silent {
    /// The family name.
    public let familyName: String
    /// The given names; may be empty.
    public let givenNames: String
    /// When the holder was born.
    public let birthDate: Birth
    /// The license's number.
    public let number: String
    /// The license's first day.
    public let issued: Day
    /// The license's last day; `nil` where it has no end.
    public let expires: Day?
    /// The country that issued it, two capital letters.
    public let country: String
    /// What may be driven.
    public let categories: [CategoryRow]

    /// A holder.
    public init(
        familyName: String,
        givenNames: String,
        birthDate: Birth,
        number: String,
        issued: Day,
        expires: Day?,
        country: String,
        categories: [CategoryRow]
    ) {
        self.familyName = familyName
        self.givenNames = givenNames
        self.birthDate = birthDate
        self.number = number
        self.issued = issued
        self.expires = expires
        self.country = country
        self.categories = categories
    }

    /// Given names and family name, in that order; one alone where the other is empty.
    public var name: String {
        [givenNames, familyName].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

/// What may be driven, and when. Personal data.
public struct CategoryRow: Hashable, Sendable, Silent {
    /// The category's code, such as B.
    public let code: String
    /// Its first day, where it has one of its own.
    public let from: Day?
    /// Its last day, where it has one of its own.
    public let until: Day?
    /// Codes of its restrictions and conditions.
    public let restrictions: [String]

    /// A row.
    public init(code: String, from: Day?, until: Day?, restrictions: [String]) {
        self.code = code
        self.from = from
        self.until = until
        self.restrictions = restrictions
    }
}
