import Foundation

@testable import Vidimus
@testable import VidimusModels

/// A presentation of values: each frame is shown for ten seconds, and it ends when it is told to.
final class TestShowing: Showing, @unchecked Sendable {
    private let lock = NSLock()
    private let elapsed: ElapsedTime
    private let begun: Duration
    private let standing: StandingKind
    private var fault: WalletError?
    private var signed = 0
    private var ends = 0
    private let length = Duration.seconds(300)

    init(_ elapsed: ElapsedTime, standing: StandingKind = .valid) {
        self.elapsed = elapsed
        self.standing = standing
        begun = elapsed.now
    }

    /// How many frames it signed.
    var frames: Int { lock.withLock { signed } }

    /// How often it was ended.
    var timesEnded: Int { lock.withLock { ends } }

    /// From now on no frame can be signed.
    func fail(with fault: WalletError) { lock.withLock { self.fault = fault } }

    func frame() async throws(WalletError) -> Frame { try sign() }

    private func sign() throws(WalletError) -> Frame {
        lock.lock()
        defer { lock.unlock() }
        if let fault { throw fault }
        guard ends == 0, elapsed.now < begun + length else { throw .presentationEnded }
        signed += 1
        let at = Date(timeIntervalSince1970: 1_790_000_000)
        return Frame(
            text: "frame \(signed)",
            symbol: QRSymbol(size: 21, modules: Data(repeating: UInt8(signed), count: 63)),
            issuedAt: at,
            rotatesAt: at.addingTimeInterval(10),
            expiresAt: at.addingTimeInterval(30),
            status: StatusReport(state: .valid, asOf: at, source: .staple, age: .seconds(200)),
            standing: .sample(standing),
            spoken: "",
            stapleLeftOut: false
        )
    }

    var remaining: Duration { get async { max(.zero, begun + length - elapsed.now) } }

    func end() async throws(WalletError) { lock.withLock { ends += 1 } }
}
