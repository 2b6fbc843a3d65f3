import VidimusCore

/// Calls what the app brought. Each error becomes one of the closed list, without its text; what
/// does not answer in time is cancelled and left behind, and a late answer is dropped.
func asDevice<Answer: Sendable>(
    within limit: Duration,
    _ body: @escaping @Sendable () async throws -> Answer
) async throws(VidimusCore.DeviceError) -> Answer {
    let first = FirstAnswer<Answer>()
    let work = Task {
        do {
            first.give(.success(try await body()))
        } catch {
            first.give(.failure(DeviceError(error)))
        }
    }
    let timer = Task {
        // A group would wait for its slowest child, so this is none.
        try await Task.sleep(for: limit, clock: .continuous)
        first.give(.failure(.timeout))
        work.cancel()
    }
    defer { timer.cancel() }
    do {
        return try await first.wait().get()
    } catch {
        throw error.core
    }
}

/// The first of several answers; the others are dropped.
private final class FirstAnswer<Answer: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Result<Answer, DeviceError>, Never>)
        case given(Result<Answer, DeviceError>)
        case taken
    }

    private let state = Locked(State.open)

    func give(_ answer: Result<Answer, DeviceError>) {
        let waiting = state.withLock { state -> CheckedContinuation<Result<Answer, DeviceError>, Never>? in
            switch state {
            case .open:
                state = .given(answer)
                return nil
            case .awaited(let continuation):
                state = .taken
                return continuation
            case .given, .taken:
                return nil
            }
        }
        waiting?.resume(returning: answer)
    }

    func wait() async -> Result<Answer, DeviceError> {
        await withCheckedContinuation { continuation in
            let given = state.withLock { state -> Result<Answer, DeviceError>? in
                if case .given(let answer) = state {
                    state = .taken
                    return answer
                }
                state = .awaited(continuation)
                return nil
            }
            if let given { continuation.resume(returning: given) }
        }
    }
}
