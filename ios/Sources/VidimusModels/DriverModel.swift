import Vidimus

/// What a driver's app does: from a phone and what a driver does on its screens to what is on the screen.
///
/// It draws nothing and knows no system: ``screen`` is a value, and ``Actions`` is all that comes back. Start it, show what
/// ``screens`` yields, and tell it when the app leaves the foreground and when it comes back.
@MainActor public final class DriverModel {
    /// What is on the screen.
    public internal(set) var screen = Screen.opening {
        didSet { if screen != oldValue { screenWatchers.send(screen) } }
    }

    let phone: any Phone
    var place = Place.opening {
        didSet {
            publish()
            if mayBeDisturbed { readWaitingLink() }
        }
    }
    /// The wallet and its licenses, while it is open.
    var open: OpenWallet?
    /// What a link brought before there was a wallet to read it, or where the driver is not to be disturbed.
    var waitingLink: String?
    /// Whether the app is out of sight.
    var isAway = false
    /// Whether the app came to the foreground and is still there.
    private var isSeen = false
    /// Keeps the wallet fresh meanwhile.
    private var fresh: Task<Void, Never>?

    private let screenWatchers = Watchers<Screen>(.bufferingNewest(1))
    private let leaveWatchers = Watchers<TroubleAction>(.bufferingNewest(8))
    private var opening: Task<Void, Never>?
    private var reading: Task<Void, Never>?
    /// The showing whose entry in the log may still have to be written.
    private(set) var ending: Task<Void, Never>?
    private var isClosed = false

    /// Where the driver is, with the model of that screen.
    enum Place {
        case opening
        case blocked(BlockedState)
        case welcome(WelcomeState)
        /// The camera, and where it goes back to.
        case scanOffer(ScanState, WelcomeState)
        case scanChallenge(ScanState, AnswerModel)
        case offer(OfferModel)
        case license
        case show(ShowModel)
        case answer(AnswerModel)
        case history(HistoryState)
        case settings(SettingsModel)
    }

    /// What there is while the wallet is open.
    struct OpenWallet {
        let wallet: Wallet
        let authority: String
        let licenses: LicensesModel
        let ages: Task<Void, Never>
    }

    /// The model of a phone. It does nothing before ``start()``.
    public init(phone: any Phone) {
        self.phone = phone
    }

    /// What is on the screen now, and after each change; the newest, for who looks too seldom.
    public var screens: AsyncStream<Screen> { screenWatchers.watch(first: screen) }

    /// What leaves the app: the shell opens the system's settings, the store, or says whom to call.
    public var leave: AsyncStream<TroubleAction> { leaveWatchers.watch() }

    /// The wallet that is open, for a refresh in the background; `nil` where there is none.
    public var wallet: Wallet? { open?.wallet }

    /// How long until that refresh is due; `nil` where no report has said it.
    public var nextRefresh: Duration? { open?.licenses.nextIn }

    /// Opens the wallet, or makes it. Once; later calls do nothing.
    public func start() {
        guard opening == nil else { return }
        openWallet()
    }

    /// The app is out of sight: whatever is shown ends, and the wallet is no longer kept fresh.
    public func left() {
        isAway = true
        isSeen = false
        letAge()
        guard case .show(let show) = place else { return }
        end(show)
    }

    /// The app is seen again: reads what changed meanwhile, and asks for what is due, now and whenever something is until
    /// ``left()``.
    public func foreground() async {
        guard !isClosed else { return }
        isAway = false
        isSeen = true
        await opening?.value
        // The driver comes back from where the trouble was to be cured.
        if case .blocked(let state) = place, [.setLock, .unlock, .freeStorage].contains(state.trouble.action) {
            return await retryOpening(state)
        }
        guard let open else { return }
        do {
            try await open.licenses.load()
        } catch {
            open.licenses.note(error)
        }
        keepFresh()
    }

    /// Ends everything, and closes the wallet. Nothing happens after it.
    public func close() {
        isClosed = true
        opening?.cancel()
        reading?.cancel()
        if case .offer(let offer) = place { offer.cancel() }
        if case .show(let show) = place { end(show) }
        isSeen = false
        closeWallet()
        screenWatchers.finish()
        leaveWatchers.finish()
    }
}

// MARK: - The wallet

extension DriverModel {
    func openWallet() {
        opening = Task { await openNow() }
    }

    private func openNow() async {
        do {
            let wallet = try await phone.openWallet()
            guard !isClosed else { return wallet.close() }
            let licenses = LicensesModel(wallet: wallet, elapsed: phone.elapsed) { [phone] in phone.hasLock }
            let authority = try wallet.authority.absoluteString
            try await licenses.load()
            guard !isClosed else { return wallet.close() }
            licenses.changed = { [weak self] in self?.licensesChanged() }
            let ages = Task { await licenses.keepAges() }
            open = OpenWallet(wallet: wallet, authority: authority, licenses: licenses, ages: ages)
            keepFresh()
            goHome()
            readWaitingLink()
        } catch {
            guard !isClosed else { return }
            place = .blocked(BlockedState(trouble: found(error)))
        }
    }

    /// What keeps the wallet from being opened.
    private func found(_ error: WalletError) -> Trouble {
        let found = trouble(of: error, hasLock: phone.hasLock)
        guard case .blocked(let before) = place else { return found }
        // Now that there is a lock again: it is this phone all the same, its keys are gone.
        return before.trouble == .passcodeRemoved && found == .otherDevice ? .keyInvalidated : found
    }

    /// Tries once more; what stood there stays on the screen meanwhile.
    func retryOpening(_ state: BlockedState) async {
        guard !state.working else { return }
        place = .blocked(BlockedState(trouble: state.trouble, working: true))
        openWallet()
        await opening?.value
    }

    /// Begins anew: moves the files aside, or, where a license can still be shown, asks for another offer and keeps them.
    func beginAnew() async {
        if case .show(let show) = place { end(show) }
        if let open, open.licenses.cards.contains(where: \.mayShow) {
            place = .welcome(WelcomeState(mayGoBack: true))
            return
        }
        switch place {
        case .opening: return
        case .blocked(let state):
            guard !state.working else { return }
            place = .blocked(BlockedState(trouble: state.trouble, working: true))
        default:
            closeWallet()
            place = .opening
        }
        do {
            try await phone.setWalletAside()
        } catch .vault(.notFound) {
            // It was moved by an earlier attempt.
        } catch {
            place = .blocked(BlockedState(trouble: trouble(of: error, hasLock: phone.hasLock)))
            return
        }
        openWallet()
        await opening?.value
    }

    private func closeWallet() {
        open?.ages.cancel()
        open?.wallet.close()
        open = nil
        letAge()
    }

    /// Keeps the open wallet fresh, if the app is seen.
    private func keepFresh() {
        guard isSeen, fresh == nil, let licenses = open?.licenses else { return }
        fresh = Task { await licenses.keepFresh() }
    }

    /// Ends what ``keepFresh()`` began.
    private func letAge() {
        fresh?.cancel()
        fresh = nil
    }
}

// MARK: - The screen

extension DriverModel {
    /// To the licenses, or to the welcome where there is none.
    func goHome() {
        place = open?.licenses.state == nil ? .welcome(WelcomeState(again: isMissing)) : .license
    }

    /// Whether this phone had a license before, which is to be got again.
    var isMissing: Bool { open?.licenses.missesLicense ?? false }

    /// Hands on what leaves the app.
    func leave(for action: TroubleAction) {
        leaveWatchers.send(action)
    }

    /// Does something that takes its time.
    func run(_ body: @escaping @MainActor () async -> Void) {
        guard !isClosed else { return }
        Task { await body() }
    }

    /// Reads something that the driver may give up by going back.
    func read(_ body: @escaping @MainActor () async -> Void) {
        reading?.cancel()
        reading = Task { await body() }
    }

    func stopReading() {
        reading?.cancel()
    }

    /// Takes a showing off the screen; the history waits for its entry.
    func end(_ show: ShowModel) {
        ending = Task { await show.end() }
    }

    func publish() {
        guard !isClosed else { return }
        screen =
            switch place {
            case .opening: .opening
            case .blocked(let state): .blocked(state)
            case .welcome(let state): .welcome(state)
            case .scanOffer(let state, _), .scanChallenge(let state, _): .scan(state)
            case .offer(let offer): .offer(offer.state)
            case .license: open?.licenses.state.map(Screen.license) ?? .opening
            case .show(let show): .show(show.state)
            case .answer(let answer): .answer(answer.state)
            case .history(let state): .history(state)
            case .settings(let settings): .settings(settings.state)
            }
    }

    private func licensesChanged() {
        guard let open else { return }
        if case .license = place, open.licenses.state == nil { return goHome() }
        if case .settings(let settings) = place { settings.update(open.licenses.cards) }
        publish()
    }
}
