import Foundation
import Vidimus
import VidimusApp

/// The driver's app on a phone: it hands on what is on the screen, and does on the phone what the
/// app asks for. It decides nothing.
@MainActor public final class Shell: Driver {
    private let phone: any Phone
    private let start: @MainActor (_ saved: Data?) throws -> any Core
    /// How long to wait before an app that a fault has ended is started anew.
    private let pause: Duration
    /// How long an app must have lived to be started again where it was: what ends it sooner may be
    /// just that.
    private let trial: Duration

    private var core: (any Core)?
    private var startedAt = ContinuousClock.now
    /// What the next app begins with; one app each.
    private var saved = Saved.onThePhone
    /// What this app has asked to keep last. After a fault it cannot be asked any more.
    private var newest: Data?
    private var following: Task<Void, Never>?
    private var isEnded = false
    /// Whether the app is on the screen, for one that is started anew.
    private var isSeen = false
    private var edit: UInt64 = 0
    /// The license that a notice leads to, until it is in front.
    private var sought: Seeking?
    /// What is under way on the phone, by the id of its effect, until that is gone.
    private var begun: [UInt64: Task<Void, Never>] = [:]
    private let watchers = Watchers<Update>()

    /// A shell whose app is started when it is first seen, or a link comes.
    ///
    /// - Parameters:
    ///   - phone: What the app asks for is done on it.
    ///   - start: Starts the app with what the one before had kept; `nil` where there is nothing.
    public convenience init(phone: any Phone, start: @escaping @MainActor (_ saved: Data?) throws -> any Core) {
        self.init(phone: phone, pause: .seconds(1), trial: .seconds(5), start: start)
    }

    init(
        phone: any Phone, pause: Duration, trial: Duration,
        start: @escaping @MainActor (_ saved: Data?) throws -> any Core
    ) {
        self.phone = phone
        self.pause = pause
        self.trial = trial
        self.start = start
    }

    /// What is on the screen, and what is asked for.
    public private(set) var update = Shell.opening {
        didSet { watchers.send(update) }
    }

    /// What is on the screen now, and after each change; the newest, for who looks too seldom.
    public var updates: AsyncStream<Update> { watchers.watch(first: update) }

    /// The app is on the screen, also once more.
    public func appSeen() {
        isSeen = true
        send(.seen(hasLock: phone.hasLock))
    }

    /// The app is out of sight. Where none was started yet none is: a scene may begin in the
    /// background, of a phone that is locked, and what was kept can only be read on an unlocked
    /// one.
    public func appLeft() {
        isSeen = false
        core?.send(.left)
    }

    /// A link came, or other text from outside.
    public func link(_ text: String) { send(.link(text: text)) }

    /// A notice of a license was tapped: brings it to the front, where the licenses are on the
    /// screen, or are once the app has opened. It takes no one away from another page.
    public func bring(license: String) {
        sought = Seeking(license: license)
        seek()
    }

    /// After how long the authority is to be asked again, for a refresh while the app is out of
    /// sight; `nil` where the app was not started, or no refresh has said it.
    public var refreshDueIn: Duration? { core?.refreshDueIn }

    /// Ends the app, and waits until what was shown is in the log. Nothing happens after it.
    public func end() async {
        isEnded = true
        await core?.end()
        await following?.value
        watchers.finish()
    }

    // MARK: - Driver

    /// Says what the driver does.
    public func send(_ action: Action) {
        running()?.send(action)
    }

    /// The number for what is typed next.
    public func nextEdit(shown: UInt64) -> UInt64 {
        edit = max(edit, shown) + 1
        return edit
    }

    /// Asks the authority, and waits until the screen says that it has answered.
    public func refresh() async {
        send(.refresh)
        let asked = ContinuousClock.now
        var hasBegun = false
        while !Task.isCancelled, case .license(let screen) = update.screen {
            hasBegun = hasBegun || screen.refreshing
            // A refresh may have nothing to do, and ends by itself after 25 s.
            let passed = asked.duration(to: .now)
            guard screen.refreshing || (!hasBegun && passed < .seconds(1)), passed < .seconds(60) else { return }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The camera saw a QR with this text. Where no camera is asked for it says nothing.
    public func seen(_ text: String) {
        answerCamera(.seen(text: text))
    }

    /// The camera may not be used.
    public func cameraRefused() {
        answerCamera(.cameraRefused)
    }

    /// The portrait of this id.
    public func picture(_ id: String) -> Data? { core?.picture(id) }

    /// The QR of a frame of a showing.
    public func frame(of showing: UInt64, number: UInt64) -> QRSymbol? { core?.frame(of: showing, number: number) }

    private func answerCamera(_ answer: Answer) {
        guard let asked = update.effects.first(where: { $0.ask == .camera }) else { return }
        done(asked, answer)
    }
}

// MARK: - What the app asks for

extension Shell {
    fileprivate static var opening: Update {
        Update(number: 0, screen: .opening, isPersonal: false, effects: [])
    }

    /// What an app begins with.
    fileprivate enum Saved {
        /// What the phone has kept, also of an app that the system has ended. It is read when it is
        /// needed, and no sooner.
        case onThePhone
        /// It was read: these bytes, or none.
        case here(Data?)
    }

    /// The app, which is started where there is none; `nil` after the end.
    private func running() -> (any Core)? {
        guard !isEnded else { return nil }
        if core == nil { startCore() }
        if following == nil { following = Task { await follow() } }
        return core
    }

    private func startCore() {
        let saved =
            switch saved {
            case .onThePhone: phone.kept
            case .here(let saved): saved
            }
        // One that cannot be started has seen nothing of it, and the next one gets the same.
        core = try? start(saved)
        startedAt = .now
    }

    /// Hands on what is on the screen, and does what is asked for, until the app was ended. One
    /// that a fault has ended is started anew: after a pause where it is on the screen, else when
    /// it is seen.
    private func follow() async {
        while !isEnded {
            if let core {
                await follow(core)
                endAll()
                guard !isEnded else { return }
                forget()
            }
            // A code that no one renews must not stay on the screen.
            update = Self.opening
            try? await Task.sleep(for: pause)
            if isSeen {
                appSeen()
            } else if core == nil {
                following = nil
                return
            }
        }
    }

    /// Lets go of an app that a fault has ended. The next one begins where this one was, but not
    /// with what this one was given, nor with anything where it ended soon: a state that ends the
    /// app would end it again and again.
    private func forget() {
        saved = .here(startedAt.duration(to: .now) < trial ? nil : newest)
        if case .here(nil) = saved { phone.keep(nil) }
        newest = nil
        core = nil
    }

    private func follow(_ core: any Core) async {
        var number: UInt64 = 0
        while let update = await core.next(after: number) {
            number = update.number
            self.update = update
            follow(update.effects)
            seek()
        }
    }

    private func seek() {
        guard var seeking = sought else { return }
        switch update.screen {
        case .opening: return
        case .license(let screen):
            let index = seeking.next(from: screen)
            sought = index == nil ? nil : seeking
            if let index { send(.select(index: index)) }
        default: sought = nil
        }
    }

    /// Begins what is new, and ends what is gone.
    private func follow(_ effects: [ShellEffect]) {
        let ids = Set(effects.map(\.id))
        for (id, task) in begun where !ids.contains(id) {
            begun[id] = nil
            task.cancel()
        }
        for effect in effects where begun[effect.id] == nil {
            begun[effect.id] = Task { await begin(effect) }
        }
    }

    private func endAll() {
        follow([])
    }

    private func begin(_ effect: ShellEffect) async {
        // It may be gone already.
        guard !Task.isCancelled else { return }
        switch effect.ask {
        case .unlock(let reason):
            let outcome = await phone.unlock(reason: reason)
            // Nothing waits for it any more.
            if !Task.isCancelled { done(effect, .lock(outcome: outcome)) }
        case .leave(let place):
            phone.leave(to: place)
            done(effect, .left)
        case .openBrowser:
            await browse(for: effect)
        case .save:
            if let saved = core?.saved {
                newest = saved
                phone.keep(saved)
            }
            done(effect, .saved)
        case .stayAwake:
            await phone.stayAwake()
        case .camera:
            // The screen shows what it sees, and answers.
            break
        }
    }

    /// What came back is told as a link is. Where nothing waits for it any more the core says so.
    private func browse(for effect: ShellEffect) async {
        guard let address = core?.signInAddress else { return done(effect, .left) }
        let browsed = await phone.browse(address)
        if case .cameBack(let text) = browsed { link(text) }
        if !Task.isCancelled { done(effect, browsed == .missing ? .noBrowser : .left) }
    }

    private func done(_ effect: ShellEffect, _ answer: Answer) {
        core?.send(.done(id: effect.id, answer: answer))
    }
}
