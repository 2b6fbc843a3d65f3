import Foundation
import Vidimus
import VidimusApp
import VidimusShell

/// The app that checks licenses on a phone: it hands on what is on the screen, and does on the
/// phone what the app asks for. It decides nothing.
@MainActor public final class OfficerShell: Officer {
    private let phone: any OfficerPhone
    private let start: @MainActor () throws -> any OfficerCore
    /// How long to wait before an app that a fault has ended is started anew.
    private let pause: Duration

    private var core: (any OfficerCore)?
    private var following: Task<Void, Never>?
    private var isEnded = false
    /// Whether the app is on the screen, for one that is started anew.
    private var isSeen = false
    private var edit: UInt64 = 0
    /// The highest announcement that was told.
    private var told: UInt64 = 0
    private var sightings = Sightings()
    /// What is under way on the phone, by the id of its effect, until that is gone.
    private var begun: [UInt64: Task<Void, Never>] = [:]
    private let watchers = Watchers<OfficerUpdate>()

    /// A shell whose app is started when it is first seen.
    ///
    /// - Parameters:
    ///   - phone: What the app asks for is done on it.
    ///   - start: Starts the app; it opens the reader's book itself.
    public convenience init(phone: any OfficerPhone, start: @escaping @MainActor () throws -> any OfficerCore) {
        self.init(phone: phone, pause: .seconds(1), start: start)
    }

    init(phone: any OfficerPhone, pause: Duration, start: @escaping @MainActor () throws -> any OfficerCore) {
        self.phone = phone
        self.pause = pause
        self.start = start
    }

    /// What is on the screen, and what is asked for.
    public private(set) var update = OfficerShell.opening {
        didSet { watchers.send(update) }
    }

    /// What is on the screen now, and after each change; the newest, for who looks too seldom.
    public var updates: AsyncStream<OfficerUpdate> { watchers.watch(first: update) }

    /// The app is on the screen, also once more.
    public func appSeen() {
        guard !isEnded else { return }
        isSeen = true
        if core == nil { core = try? start() }
        if following == nil { following = Task { await follow() } }
        core?.send(.seen)
    }

    /// The app is out of sight: the core takes every license off the screen.
    public func appLeft() {
        isSeen = false
        core?.send(.left)
    }

    /// Ends the app, and waits until it has ended. Nothing happens after it.
    public func end() async {
        isEnded = true
        await core?.end()
        await following?.value
        watchers.finish()
    }

    // MARK: - Officer

    /// Says what the officer does.
    public func send(_ action: OfficerAction) { core?.send(action) }

    /// The number for what is typed next.
    public func nextEdit(shown: UInt64) -> UInt64 {
        edit = max(edit, shown) + 1
        return edit
    }

    /// Whether this verdict was not told yet. From now on it was.
    public func tells(_ announcement: UInt64) -> Bool {
        guard announcement > told else { return false }
        told = announcement
        return true
    }

    /// The face of this id.
    public func picture(_ id: String) -> Data? { core?.picture(id) }

    /// The QR of this question.
    public func question(_ id: UInt64) -> QRSymbol? { core?.question(id) }
}

// MARK: - What the app asks for

extension OfficerShell {
    fileprivate static var opening: OfficerUpdate {
        OfficerUpdate(number: 0, screen: .opening, isPersonal: false, effects: [])
    }

    /// Hands on what is on the screen, and does what is asked for, until the app was ended. One
    /// that a fault has ended is started anew: after a pause where it is on the screen, else when
    /// it is seen.
    private func follow() async {
        while !isEnded {
            if let core {
                await follow(core)
                follow([])
                guard !isEnded else { return }
                self.core = nil
                // The next app counts from 1 again.
                told = 0
            }
            // A verdict that no one renews must not stay on the screen.
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

    private func follow(_ core: any OfficerCore) async {
        var number: UInt64 = 0
        while let update = await core.next(after: number) {
            number = update.number
            self.update = update
            follow(update.effects)
        }
    }

    /// Begins what is new, and ends what is gone.
    private func follow(_ effects: [OfficerShellEffect]) {
        let ids = Set(effects.map(\.id))
        for (id, task) in begun where !ids.contains(id) {
            begun[id] = nil
            task.cancel()
        }
        for effect in effects where begun[effect.id] == nil {
            begun[effect.id] = Task { await begin(effect) }
        }
    }

    private func begin(_ effect: OfficerShellEffect) async {
        // It may be gone already.
        guard !Task.isCancelled else { return }
        switch effect.ask {
        case .camera:
            sightings = Sightings()
            let mayLook = await phone.look { [weak self] texts in self?.saw(texts, for: effect) }
            if !mayLook, !Task.isCancelled { done(effect, .cameraRefused) }
        case .torch:
            await phone.light()
        case .share:
            if let log = core?.exported() { await phone.share(log) }
            if !Task.isCancelled { done(effect, .shared) }
        case .leave(let place):
            phone.leave(to: place)
            done(effect, .left)
        }
    }

    /// A picture may come after the camera is not asked for any more.
    private func saw(_ texts: [String], for effect: OfficerShellEffect) {
        guard begun[effect.id] != nil, sightings.isNews(texts) else { return }
        done(effect, .texts(texts: texts))
    }

    private func done(_ effect: OfficerShellEffect, _ answer: OfficerAnswer) {
        core?.send(.done(id: effect.id, answer: answer))
    }
}
