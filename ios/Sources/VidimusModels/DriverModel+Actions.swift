import Vidimus

extension DriverModel: Actions {
    /// Goes to the screen before; what is under way ends first.
    public func back() {
        switch place {
        case .welcome(var state) where state.reading:
            stopReading()
            state.reading = false
            place = .welcome(state)
        case .welcome(let state) where state.mayGoBack:
            goHome()
        case .scanOffer(_, let welcome):
            place = .welcome(welcome)
        case .scanChallenge(_, let answer):
            place = .answer(answer)
        case .offer(let offer) where offer.state.issuing:
            offer.cancel()
        case .offer:
            place = .welcome(WelcomeState(mayGoBack: !hasNone, again: isMissing))
        case .show(let show):
            goHome()
            end(show)
        case .answer, .history, .settings:
            goHome()
        case .welcome, .opening, .blocked, .license:
            break
        }
    }

    /// To the welcome, with a way back.
    public func addLicense() {
        guard case .license = place else { return }
        place = .welcome(WelcomeState(mayGoBack: true))
    }

    /// Changes the text; what was said of the one before no longer holds.
    public func typeOffer(_ text: String) {
        guard case .welcome(var state) = place, !state.reading, state.text != text else { return }
        state.text = text
        state.refusal = nil
        place = .welcome(state)
    }

    /// Reads what was typed.
    public func readOffer() {
        guard case .welcome(let state) = place, !state.reading else { return }
        readOffer(state.text)
    }

    /// To the camera, from where something can be scanned.
    public func scan() {
        switch place {
        case .welcome(let state) where !state.reading:
            place = .scanOffer(ScanState(purpose: .offer), state)
        case .answer(let answer):
            place = .scanChallenge(ScanState(purpose: .challenge), answer)
        default: break
        }
    }

    /// Takes what came from outside to where it belongs. Before the wallet is open it waits, and while a license is
    /// shown, an offer is looked at, or an officer waits for an answer: until the driver leaves.
    public func scanned(_ text: String) {
        switch place {
        case .opening, .blocked, .offer:
            waitingLink = text
        case .scanChallenge(_, let answer) where !text.isOfferLink:
            place = .answer(answer)
            ask(answer, text)
        case .answer(let answer) where !text.isOfferLink:
            ask(answer, text)
        case .welcome(let state) where state.reading:
            break
        case .scanChallenge, .answer:
            waitingLink = text
        case .show(let show) where show.isUnderWay:
            waitingLink = text
        default:
            readOffer(text)
        }
    }

    /// Says so on the screen of the camera.
    public func cameraRefused() {
        switch place {
        case .scanOffer(var state, let welcome):
            state.cameraRefused = true
            place = .scanOffer(state, welcome)
        case .scanChallenge(var state, let answer):
            state.cameraRefused = true
            place = .scanChallenge(state, answer)
        default: break
        }
    }

    /// Changes the transaction code.
    public func typeCode(_ text: String) {
        guard case .offer(let offer) = place else { return }
        offer.type(text)
    }

    /// Has the license issued, and shows it in front.
    public func takeOffer() {
        guard case .offer(let offer) = place, let taking = offer.take() else { return }
        run { [weak self] in
            if let license = await taking.value { await self?.bringToFront(license) }
        }
    }

    /// Brings another license to the front.
    public func select(_ index: Int) {
        guard case .license = place else { return }
        open?.licenses.select(index)
    }

    /// Asks the authority for the newest status.
    public func refresh() {
        guard case .license = place, let licenses = open?.licenses else { return }
        run { await licenses.refresh() }
    }

    /// Shows the license in front, after the phone's lock, or shows once more.
    public func show() {
        switch place {
        case .license:
            guard let open, let card = open.licenses.state?.card, card.mayShow else { return }
            show(card, to: nil) { () async throws(WalletError) in try await open.wallet.present(card.id) }
        case .show(let show): show.begin()
        default: break
        }
    }

    /// Ends the showing; the screen stays, and says so.
    public func endShow() {
        guard case .show(let show) = place else { return }
        end(show)
    }

    /// Begins to answer an officer with the license in front.
    public func answer() {
        guard case .license = place, let open, let card = open.licenses.state?.card, card.mayShow else { return }
        let wallet = open.wallet
        let answer = AnswerModel { (text) async throws(WalletError) in
            let request = try await wallet.readChallenge(text)
            let proven = request.provenName
            return AnswerModel.Question(asker: Asker(reader: proven ?? request.reader, proven: proven != nil)) {
                () async throws(WalletError) in try await wallet.answer(request, with: card.id)
            }
        }
        answer.changed = { [weak self] in self?.publish() }
        place = .answer(answer)
    }

    /// Changes the digits.
    public func typeAnswer(_ text: String) {
        guard case .answer(let answer) = place else { return }
        answer.type(text)
    }

    /// Reads the digits that were typed.
    public func readAnswer() {
        guard case .answer(let answer) = place else { return }
        ask(answer, answer.state.text)
    }

    /// Answers who asks, after the phone's lock.
    public func answerNow() {
        guard case .answer(let answer) = place, let question = answer.question,
            let card = open?.licenses.state?.card
        else { return }
        show(card, to: question.asker, start: question.start)
    }

    /// To what happened.
    public func history() {
        guard isHome, let open else { return }
        run { [weak self] in await self?.showHistory(of: open) }
    }

    /// To the settings.
    public func settings() {
        guard isHome, let open else { return }
        let settings = SettingsModel(
            wallet: open.wallet,
            licenses: open.licenses.cards,
            authority: open.authority,
            version: phone.version,
            notices: phone.notices
        )
        settings.changed = { [weak self] in self?.publish() }
        place = .settings(settings)
    }

    /// Asks whether a license shall be removed.
    public func askToRemove(_ license: HeldLicense.ID) {
        guard case .settings(let settings) = place else { return }
        settings.ask(toRemove: license)
    }

    /// Does not remove it.
    public func keep() {
        guard case .settings(let settings) = place else { return }
        settings.keep()
    }

    /// Removes the license that was asked about, after the phone's lock.
    public func remove() {
        // What is asked about later is for a later tap.
        guard case .settings(let settings) = place, settings.state.removing != nil, let open else { return }
        run { [weak self] in await self?.remove(by: settings, from: open) }
    }

    /// Does what helps here, or hands it to the shell.
    public func act(_ action: TroubleAction) {
        guard offers(action) else { return }
        switch action {
        case .setClock, .freeStorage, .updateApp, .askAuthority:
            leave(for: action)
        case .setLock where !phone.hasLock:
            leave(for: action)
        case .beginAnew:
            run { [weak self] in await self?.beginAnew() }
        // Once the lock is there, the way goes on from here; what it leads to is asked about.
        case .setLock, .retry, .refresh:
            tryAgain()
        case .unlock:
            unlock()
        }
    }

    private func unlock() {
        // A showing asks the lock itself.
        if case .show = place { return tryAgain() }
        run { [weak self] in
            guard let self, await self.phone.unlock() == .opened, self.offers(.unlock) else { return }
            self.tryAgain()
        }
    }
}

extension String {
    /// What tells an offer from a challenge where either may come: a link goes where it belongs.
    fileprivate var isOfferLink: Bool {
        lowercased().hasPrefix("openid-credential-offer:")
    }
}
