import VidimusCore

/// The frames of a ``Presentation``: the first at once, each further one when the one before has
/// been shown for its time. That time is counted by a clock that no one can set, and that goes on
/// while the device sleeps.
///
/// It ends when the presentation ends or is closed, and when the task is cancelled. Where a frame
/// cannot be signed it throws a ``WalletError``; begin another loop to try again.
public struct Frames: AsyncSequence, Sendable {
    /// A frame, to be shown until the next one comes.
    public typealias Element = Frame

    let presentation: Presentation

    /// A loop over the frames, which begins with its own frame.
    public func makeAsyncIterator() -> Iterator {
        Iterator(presentation: presentation)
    }

    /// Yields one frame after another.
    public struct Iterator: AsyncIteratorProtocol {
        let presentation: Presentation
        private var due: ContinuousClock.Instant?
        private var isOver = false

        init(presentation: Presentation) {
            self.presentation = presentation
        }

        /// The next frame, once it is due; `nil` after the end.
        public mutating func next() async throws(WalletError) -> Frame? {
            guard !isOver else { return nil }
            if let due { await presentation.pause(until: due) }
            do {
                let started = ContinuousClock.now
                let frame = try await presentation.frame()
                due = started + .seconds(frame.rotatesAt.timeIntervalSince(frame.issuedAt))
                return frame
            } catch {
                isOver = true
                switch error {
                case .presentationEnded, .challenge(.over), .closed: return nil
                case .cancelled where Task.isCancelled: return nil
                default: throw error
                }
            }
        }
    }
}
