import VidimusCore

/// One showing of one license: a QR that is new every ten seconds, for at most five minutes; in
/// answer to a reader until 110 seconds after its challenge was read.
///
/// ```swift
/// let presentation = try await wallet.present(license)
/// for try await frame in presentation.frames { draw(frame.symbol) }
/// ```
///
/// Its keys are forgotten when it ends, when it is closed, and when it is let go of.
public final class Presentation: Sendable {
    private let lifetime: Lifetime<VidimusCore.Presentation>

    init(_ core: VidimusCore.Presentation) {
        lifetime = Lifetime(core)
    }

    deinit {
        close()
    }

    /// The frames, each as soon as it is due, until the presentation ends.
    public var frames: Frames { Frames(presentation: self) }

    /// Signs a new frame now. A status that was refreshed since is in it.
    ///
    /// - Throws: ``WalletError/presentationEnded`` after five minutes or ``end()``;
    ///   `ChallengeProblem.over` where the reader must ask again; and the problems of the key
    ///   store.
    public func frame() async throws(WalletError) -> Frame {
        try await lifetime.call { core, cancel in try await core.frame(cancel: cancel) }
    }

    /// Whether the next frames carry the driver's face, in `Frame.face`. It is off until the driver
    /// wants it, also where the reader asks for it.
    ///
    /// - Throws: ``WalletError/presentationEnded`` after ``end()``.
    public func showFace(_ on: Bool) async throws(WalletError) {
        try await lifetime.call { core, _ in try await core.showFace(on: on) }
    }

    /// How much longer it lasts; zero once it has ended.
    public var remaining: Duration {
        get async {
            let left = try? await lifetime.call { core, _ in try await core.remaining() }
            return left ?? .zero
        }
    }

    /// Ends it, and waits until its entry in the activity log is written. Ending it again does
    /// nothing, and waits for nothing.
    ///
    /// - Throws: The problems of the disk, where the entry could not be written.
    public func end() async throws(WalletError) {
        if let core = lifetime.close(.presentationEnded) {
            do {
                try await core.end()
            } catch {
                throw WalletError(error)
            }
        } else if lifetime.end != .presentationEnded {
            throw lifetime.end
        }
    }

    /// Ends it without waiting; a frame in the making is given up. Its entry in the activity log is
    /// still written.
    public func close() {
        lifetime.close()
    }

    /// Waits; returns early when the task is cancelled or the presentation ends.
    func pause(until deadline: ContinuousClock.Instant) async {
        await lifetime.pause(until: deadline)
    }
}
