import Vidimus

/// One showing of a license, and once more as often as the driver wants: the lock, the codes, the end.
@MainActor final class ShowModel {
    /// Starts a presentation.
    typealias Start = @MainActor () async throws(WalletError) -> any Showing

    private(set) var state = ShowState.unlocking {
        didSet { if state != oldValue { changed() } }
    }
    /// Called after each change of ``state``.
    var changed: @MainActor () -> Void = {}

    private let holder: String
    private let audience: Asker?
    private let phone: any Phone
    private let start: Start
    private let elapsed: ElapsedTime

    private var run: Task<Void, Never>?
    private var showing: (any Showing)?

    init(holder: String, audience: Asker?, phone: any Phone, start: @escaping Start) {
        self.holder = holder
        self.audience = audience
        self.phone = phone
        self.start = start
        elapsed = phone.elapsed
    }

    /// Whether the lock is asked, or something is shown or about to be.
    var isUnderWay: Bool {
        switch state {
        case .unlocking, .starting, .live: true
        case .locked, .over, .tooLate, .failed: false
        }
    }

    /// Asks for the lock and shows, unless that is under way.
    func begin() {
        guard run == nil else { return }
        state = .unlocking
        run = Task { await unlockAndShow() }
    }

    /// Ends it: nothing is on the screen from now on. Returns when its entry in the log is written.
    ///
    /// A lock that is being asked stays to be answered; whatever it says, nothing is shown after it.
    func end() async {
        switch state {
        case .unlocking where run != nil: state = .locked(.cancelled)
        case .starting, .live: state = .over(byItself: false)
        default: break
        }
        guard let run else { return }
        run.cancel()
        await finish()
        await run.value
    }

    private func unlockAndShow() async {
        defer { run = nil }
        let outcome = await phone.unlock()
        guard !Task.isCancelled else { return }
        guard outcome == .opened else {
            state = .locked(outcome)
            return
        }
        state = .starting
        do {
            let showing = try await start()
            self.showing = showing
            guard !Task.isCancelled else { return await finish() }
            try await show(showing)
        } catch {
            if !Task.isCancelled {
                state =
                    switch error {
                    case .presentationEnded: .over(byItself: true)
                    case .challenge(.over): .tooLate
                    default: .failed(trouble(of: error, hasLock: phone.hasLock))
                    }
            }
            await finish()
        }
    }

    /// Until the presentation says that it is over, by an error, or the task is cancelled.
    private func show(_ showing: any Showing) async throws(WalletError) {
        while !Task.isCancelled {
            let signed = elapsed.now
            let frame = try await showing.frame()
            let due = signed + .seconds(frame.rotatesAt.timeIntervalSince(frame.issuedAt))
            let ends = elapsed.now + (await showing.remaining)
            let code = ShownCode(
                symbol: frame.symbol,
                holder: holder,
                standing: Standing(frame),
                audience: audience,
                statusLeftOut: frame.stapleLeftOut
            )
            await count(code, until: due, ends: ends)
        }
    }

    private func count(_ code: ShownCode, until due: Duration, ends: Duration) async {
        while !Task.isCancelled {
            let left = due - elapsed.now
            guard left > .zero else { return }
            state = .live(code, nextIn: left.secondsUp, endsIn: max(0, (ends - elapsed.now).secondsUp))
            // To the moment at which one second less is left.
            try? await elapsed.sleep(for: left - .seconds(left.secondsUp - 1))
        }
    }

    private func finish() async {
        guard let showing else { return }
        self.showing = nil
        // Where its entry could not be written the history says so; what was shown was shown.
        try? await showing.end()
    }
}

extension Duration {
    /// Whole seconds; a part of one counts as one.
    var secondsUp: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) + (attoseconds > 0 ? 1 : 0)
    }
}
