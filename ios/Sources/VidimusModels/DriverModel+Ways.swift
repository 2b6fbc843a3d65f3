import Foundation
import Vidimus

// The ways from one screen to another that take their time, or that several actions take.
extension DriverModel {
    func tryAgain() {
        switch place {
        case .blocked(let state): run { [weak self] in await self?.retryOpening(state) }
        case .license: refresh()
        case .show(let show): show.begin()
        default: break
        }
    }

    /// Whether it belongs to a trouble that is on the screen.
    func offers(_ action: TroubleAction) -> Bool {
        switch place {
        case .blocked(let state): state.trouble.action == action
        case .license: open?.licenses.state?.troubles.contains { $0.action == action } ?? false
        case .show(let show):
            switch show.state {
            case .failed(let trouble): trouble.action == action
            case .locked(.noLock): action == .setLock
            default: false
            }
        default: false
        }
    }

    var hasNone: Bool { open?.licenses.state == nil }

    /// Whether the driver is where every way begins.
    var isHome: Bool {
        switch place {
        case .license: true
        case .welcome(let state): !state.reading && !state.mayGoBack
        default: false
        }
    }

    func show(_ card: LicenseCard, to audience: Asker?, start: @escaping ShowModel.Start) {
        guard !isAway else { return }
        let show = ShowModel(holder: card.holder?.name ?? "", audience: audience, phone: phone, start: start)
        show.changed = { [weak self, weak show] in
            self?.publish()
            if let show, !show.isUnderWay { self?.readWaitingLink() }
        }
        place = .show(show)
        show.begin()
    }

    /// Whether a link may take the driver away from here. Any app can send one: none ends what an officer reads or
    /// waits for, nor puts another offer where a code is typed.
    var mayBeDisturbed: Bool {
        switch place {
        case .welcome, .license, .history, .settings: true
        case .opening, .blocked, .scanOffer, .scanChallenge, .offer, .show, .answer: false
        }
    }

    /// Takes a link that had to wait to where it belongs.
    func readWaitingLink() {
        guard let link = waitingLink else { return }
        waitingLink = nil
        scanned(link)
    }

    func readOffer(_ typed: String) {
        let text = typed.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let open, !text.isEmpty else { return }
        let asked = WelcomeState(text: text, reading: true, mayGoBack: !hasNone, again: isMissing)
        place = .welcome(asked)
        read { [weak self] in await self?.readOffer(asked, with: open) }
    }

    /// What comes of it belongs to the screen that asked: the driver may have left it, and even have asked again.
    func readOffer(_ asked: WelcomeState, with open: OpenWallet) async {
        let wallet = open.wallet
        do {
            let offer = try await wallet.readOffer(asked.text)
            guard !Task.isCancelled, case .welcome(asked) = place else { return }
            let phone = phone
            let model = OfferModel(offer.details) { (code) async throws(WalletError) in
                // The issuer takes a code once: one that was spent while the app slept has brought no license.
                try await phone.withoutSuspension { () async throws(WalletError) in
                    try await wallet.enroll(offer, code: code)
                }
            }
            model.changed = { [weak self] in self?.publish() }
            place = .offer(model)
        } catch {
            guard !Task.isCancelled, case .welcome(asked) = place else { return }
            var refused = asked
            refused.reading = false
            refused.refusal = Refusal(error)
            place = .welcome(refused)
        }
    }

    func ask(_ answer: AnswerModel, _ text: String) {
        read { [weak self] in await self?.read(text, for: answer) }
    }

    private func read(_ text: String, for answer: AnswerModel) async {
        do {
            try await answer.read(text)
        } catch {
            guard error != .cancelled, case .answer(let here) = place, here === answer else { return }
            open?.licenses.note(error)
            goHome()
        }
    }

    func showHistory(of open: OpenWallet) async {
        await ending?.value
        do {
            let state = try await HistoryModel(wallet: open.wallet).load()
            guard isHome else { return }
            place = .history(state)
        } catch {
            open.licenses.note(error)
        }
    }

    /// Shows a license that has just come.
    func bringToFront(_ license: HeldLicense.ID) async {
        open?.licenses.select(id: license)
        await reload()
        goHome()
    }

    func remove(by settings: SettingsModel, from open: OpenWallet) async {
        do {
            let removed = try await settings.remove { await unlock(for: settings) }
            guard removed else { return }
            await reload()
            if open.licenses.state == nil, isAt(settings) { goHome() }
        } catch {
            open.licenses.note(error)
            if isAt(settings) { goHome() }
        }
    }

    /// Whether the driver is still there: wherever else, nobody is taken away by what comes to its end.
    private func isAt(_ settings: SettingsModel) -> Bool {
        if case .settings(let here) = place { here === settings } else { false }
    }

    /// Asks the phone's lock. One that is answered after the driver has left the settings counts no more.
    private func unlock(for settings: SettingsModel) async -> LockOutcome {
        let outcome = await phone.unlock(reason: .removing)
        guard !isAway, isAt(settings) else { return .cancelled }
        return outcome
    }

    func reload() async {
        guard let licenses = open?.licenses else { return }
        do {
            try await licenses.load()
        } catch {
            licenses.note(error)
        }
    }
}
