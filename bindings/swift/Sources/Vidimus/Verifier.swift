import Foundation
import VidimusCore

/// An officer's reader: it judges presentations without any network, by the root key that it was
/// given.
///
/// Keep one a reader, since it remembers what it has seen. It may be used from any task, several at
/// once; a check takes less than a millisecond.
public final class Verifier: Sendable {
    let core: VidimusCore.Verifier

    /// A verifier that trusts what the root key signs. Give it a trust list: without one it refuses
    /// everything.
    ///
    /// - Parameters:
    ///   - rootKey: The authority's public root key, a COSE_Key.
    ///   - policy: What the reader is willing to take; `nil` for the defaults of the profile.
    /// - Throws: ``WalletError/untrusted`` for a key that is none, ``WalletError/invalidArgument``
    ///   for a negative policy.
    public init(rootKey: Data, policy: VerifierPolicy? = nil) throws(WalletError) {
        do {
            core = try VidimusCore.Verifier(rootKey: rootKey, policy: policy)
        } catch {
            throw WalletError(error)
        }
    }

    /// The policy of the profile; change one number in a copy.
    ///
    /// - Throws: ``WalletError/internal`` for a fault of this library.
    public static func defaultPolicy() throws(WalletError) -> VerifierPolicy {
        do {
            return try VidimusCore.defaultPolicy()
        } catch {
            throw WalletError(error)
        }
    }

    /// Takes a trust list, unless a newer one is held. One that is refused changes nothing.
    ///
    /// - Throws: ``WalletError/untrusted`` for one that the root key did not sign, or that comes
    ///   before the one held.
    public func setTrustList(_ list: Data) throws(WalletError) {
        try call { try core.setTrustList(bytes: list) }
    }

    /// Takes a bundle of statuses for offline use; set the trust list first. It takes the place of
    /// the one of the same lists. One that is refused never replaces a good one. At most 64 are
    /// held, of 256 MiB together.
    ///
    /// - Returns: Whose licenses it covers, and how old it is.
    /// - Throws: ``WalletError/untrusted``, also where there is no room: ``forgetBundles()`` makes
    ///   some.
    @discardableResult
    public func setBundle(_ bundle: Data) throws(WalletError) -> StatusBundle {
        try call { try core.setBundle(bytes: bundle) }
    }

    /// Forgets every bundle, so that there is room for others.
    public func forgetBundles() throws(WalletError) {
        try call { try core.forgetBundles() }
    }

    /// A challenge as a QR for the driver's camera. It counts for 120 seconds.
    ///
    /// - Parameters:
    ///   - reader: Who asks, as the driver will read it: 1 to 64 bytes, not beginning with `dl1:`.
    ///   - now: The reader's time; `nil` for the device's clock.
    /// - Throws: ``WalletError/invalidArgument`` for another name.
    public func ask(as reader: String, at now: Date? = nil) throws(WalletError) -> Challenge {
        try call { try core.ask(reader: reader, now: now) }
    }

    /// A challenge of 8 digits to read out. It counts for three attempts and 120 seconds.
    public func askByDigits() throws(WalletError) -> Challenge {
        try call { try core.askByDigits() }
    }

    /// Judges the text of a driver's QR. For any text there is a verdict.
    ///
    /// - Parameters:
    ///   - text: What the camera read.
    ///   - challenge: The challenge that must be answered, each once; `nil` where none was asked.
    ///   - onlineStatus: A status list that the reader has just fetched from the authority.
    ///   - category: The code of a category that the holder must hold today.
    ///   - now: The reader's time; `nil` for the device's clock.
    /// - Throws: ``WalletError/invalidArgument`` for a challenge that this verifier did not make.
    public func check(
        _ text: String,
        answering challenge: Challenge? = nil,
        onlineStatus: Data? = nil,
        category: String? = nil,
        at now: Date? = nil
    ) throws(WalletError) -> Verdict {
        let question = VidimusCore.Question(
            challenge: challenge?.id,
            onlineStatus: onlineStatus,
            category: category
        )
        return try call { try core.check(text: text, question: question, now: now) }
    }

    /// What it has seen, in bytes to keep over a restart: at most 164 KB, and nothing personal. A
    /// code that was accepted is refused for as long as it could be accepted again.
    public func remembered() throws(WalletError) -> Data {
        try call { try core.remembered() }
    }

    /// Takes over what another verifier has ``remembered()``, beside what this one has seen since.
    ///
    /// - Throws: ``WalletError/invalidArgument`` for other bytes: then a code of the last two
    ///   minutes could be accepted twice.
    public func remember(_ bytes: Data) throws(WalletError) {
        try call { try core.remember(bytes: bytes) }
    }

    private func call<Result>(_ body: () throws -> Result) throws(WalletError) -> Result {
        do {
            return try body()
        } catch {
            throw WalletError(error)
        }
    }
}

/// What a reader is willing to take.
public typealias VerifierPolicy = VidimusCore.VerifierPolicy

/// What a reader shows or reads out, so that the answer is surely live.
public typealias Challenge = VidimusCore.Challenge

/// What a reader may believe: accept, caution or refuse.
public typealias Verdict = VidimusCore.Verdict

/// What a check found.
public typealias Findings = VidimusCore.Findings

/// How far a face has come that is shown in frames.
public typealias FaceProgress = VidimusCore.FaceProgress

/// A bundle of statuses that a verifier has taken.
public typealias StatusBundle = VidimusCore.StatusBundle

/// A presentation's own times.
public typealias TokenTimes = VidimusCore.TokenTimes

/// Why a verdict is what it is.
public typealias Reason = VidimusCore.Reason

extension Verdict {
    /// The license, where the authority's signature holds. Personal data.
    public var license: License? {
        switch self {
        case .accept(let license, _), .caution(let license, _): license
        case .refuse(let license, _): license
        }
    }

    /// What was found: why first, then the status and its age.
    public var findings: Findings {
        switch self {
        case .accept(_, let findings), .caution(_, let findings), .refuse(_, let findings): findings
        }
    }
}

extension Reason {
    /// Its stable name, as in `status_stale`: the same in every language and release.
    public var code: String {
        String(describing: self).reduce(into: "") { code, letter in
            if letter.isUppercase { code.append("_") }
            code.append(contentsOf: letter.lowercased())
        }
    }
}
