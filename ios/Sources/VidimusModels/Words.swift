import Vidimus

extension LicenseStatus {
    /// What it is called.
    public var word: Word {
        switch self {
        case .valid: .stateValid
        case .revoked: .stateRevoked
        case .suspended: .stateSuspended
        case .lapsed: .stateLapsed
        case .pointsLimit: .statePointsLimit
        case .unresolved: .stateUnresolved
        case .superseded: .stateSuperseded
        case .updateWaiting: .stateUpdateWaiting
        case .unknown: .stateUnknown
        }
    }
}

extension LicenseStanding {
    /// What it is called.
    public var word: Word { Word(named: wordKey) }
}

extension Refusal {
    /// Why, and what to do.
    public var word: Word { Word(named: "refusal.\(code)") }
}

extension Trouble {
    /// What it is called.
    public var title: Word { Word(named: "trouble.\(code).title") }
    /// What happened.
    public var happened: Word { Word(named: "trouble.\(code).what") }
    /// What still holds.
    public var holds: Word { Word(named: "trouble.\(code).holds") }
    /// What to do.
    public var toDo: Word { Word(named: "trouble.\(code).do") }
}

extension TroubleAction {
    /// What stands on its button.
    public var word: Word {
        switch self {
        case .retry: .actionRetry
        case .refresh: .actionRefresh
        case .setClock: .actionClock
        case .setLock: .actionLock
        case .freeStorage: .actionStorage
        case .updateApp: .actionUpdate
        case .beginAnew: .actionAnew
        case .askAuthority: .actionAuthority
        case .unlock: .actionUnlock
        }
    }
}

extension Word {
    /// A test looks whether each of them is there.
    fileprivate init(named key: String) { self = Word(rawValue: key) ?? .commonUnknown }
}

extension Texts {
    /// A day of a license.
    public func date(_ day: Day) -> String { date(day.components) }

    /// A date of birth, as exactly as it is known.
    public func date(_ birth: Birth) -> String {
        switch birth {
        case .day(let day): date(day)
        case .month(let year, let month): date(year: year, month: month)
        case .year(let year): date(year: year)
        }
    }

    /// The license's last day, or that it has none.
    public func end(_ last: Day?) -> String { last.map(date) ?? self[.licenseNoEnd] }

    /// How old a status is, also where there is none.
    public func age(of standing: Standing) -> String {
        standing.age.map { age($0) } ?? self[.licenseNever]
    }

    /// The same where it is heard, far from what it belongs to.
    private func spokenAge(of standing: Standing) -> String {
        standing.age.map { self[.licenseConfirmed, age($0)] } ?? self[.licenseNever]
    }

    /// A card in one sentence, for whoever hears the screen: who, which state, how old.
    public func spoken(_ card: LicenseCard) -> String {
        let name = card.holder?.name ?? self[.commonUnknown]
        return self[.licenseSpoken, name, self[card.standing.license.word], spokenAge(of: card.standing)]
    }

    /// What is shown, in one sentence: who, which state, how old, how long until the next code.
    public func spoken(_ code: ShownCode, nextIn seconds: Int) -> String {
        let standing = code.standing
        let age = spokenAge(of: standing)
        return self[.showSpoken, code.holder, self[standing.license.word], age, count(.seconds, seconds)]
    }

    /// What happened, in a line.
    public func headline(_ event: HistoryEvent) -> String {
        switch event {
        case .shown(nil, _, _): self[.historyShown]
        case .shown(let asker?, _, _): asker.name.map { self[.historyShownTo, $0] } ?? self[.historyShownDigits]
        case .enrolled: self[.historyEnrolled]
        case .renewed: self[.historyRenewed]
        case .statusChanged(let from, let to): self[.historyStatusChanged, self[from.word], self[to.word]]
        case .removed: self[.historyRemoved]
        }
    }

    /// What else there is to say of it.
    public func details(_ event: HistoryEvent) -> [String] {
        guard case .shown(let asker, let portrait, let standing) = event else { return [] }
        var details: [String] = []
        if let asker, asker.name != nil {
            details.append(self[asker.proven ? .historyNameProven : .historyNameUnproven])
        }
        if portrait { details.append(self[.historyWithPortrait]) }
        let status = self[.historyStatus, self[standing.word]]
        return details.isEmpty ? [status] : [status, list(details)]
    }
}

extension Language {
    /// The first of a driver's languages that there are words in; English where there is none.
    public static func preferred(in languages: [String]) -> Language {
        languages.lazy.compactMap { Language(rawValue: String($0.prefix { $0.isLetter }).lowercased()) }.first
            ?? .english
    }
}
