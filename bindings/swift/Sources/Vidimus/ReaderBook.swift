import Foundation
import VidimusConversions
import VidimusCore

/// A reader's book that is open: whom the reader trusts, what those have signed, which codes it has
/// seen, and the log of its checks, all sealed under a key of this device. It needs no wallet, and
/// no network to check.
///
/// It may be used from any task, and another process may have the same one open. What is wrong with
/// the book itself does not prevent a verdict: it is in `Checked.troubles`.
public final class ReaderBook: Sendable {
    private let lifetime: Lifetime<VidimusCore.ReaderBook>
    private let looks = Locked<[Weak<Look>]>([])

    private init(_ core: VidimusCore.ReaderBook) {
        lifetime = Lifetime(core)
    }

    deinit {
        close()
    }

    /// Opens the book of a folder, or makes it there. Nothing is deleted, even where something is
    /// wrong with it.
    ///
    /// - Parameters:
    ///   - directory: The folder of the book; made where it is missing. It may be that of a wallet.
    ///     Keep it out of backups.
    ///   - keyStore: The device's keys: the book has its own under another name, also where a
    ///     wallet has the same.
    ///   - keepsNumbers: Whether the log keeps the number of a license, as an officer's must.
    ///   - readerKey: The 32 secret bytes of the reader's Ed25519 key, which signs its questions and
    ///     its log; `nil` where it has none.
    ///   - network: How the authorities are reached.
    /// - Throws: `VaultProblem.newerVersion`, `VaultProblem.otherDevice`,
    ///   `VaultProblem.keyInvalidated`, `VaultProblem.damaged`, ``WalletError/invalidArgument`` for
    ///   a key that has not 32 bytes, and the problems of the key store and the disk.
    public static func open(
        at directory: URL,
        keyStore: any KeyStore,
        keepsNumbers: Bool = false,
        readerKey: Data? = nil,
        network: NetworkAccess = .publicRoots
    ) async throws(WalletError) -> ReaderBook {
        let config = VidimusCore.ReaderConfig(
            directory: directory.filePath,
            keepsNumbers: keepsNumbers,
            readerKey: readerKey,
            pinnedCertificates: network.pinnedCertificates
        )
        let core = try await cancellable { cancel in
            try await openReaderBook(
                config: config,
                bootId: bootSession,
                keys: keyStore.forCore,
                transport: network.forCore,
                cancel: cancel
            )
        }
        return ReaderBook(core)
    }

    /// Moves a book that cannot be used any more to a folder beside it, so that a new one can be
    /// made. Nothing is deleted.
    ///
    /// - Returns: The folder that it was moved to.
    /// - Throws: `VaultProblem.notFound` where there is none.
    @discardableResult
    public static func setAside(at directory: URL) throws(WalletError) -> URL {
        do {
            return URL(filePath: try setBookAside(directory: directory.filePath), directoryHint: .isDirectory)
        } catch {
            throw WalletError(error)
        }
    }

    /// Ends the calls under way and the looks of this book, and wipes its keys. Later calls throw
    /// ``WalletError/closed``. Releasing the last reference does the same.
    public func close() {
        lifetime.close()
        for look in looks.withLock({ $0 }) { look.value?.close() }
    }
}

// MARK: - Whom it trusts

extension ReaderBook {
    /// Trusts an authority from now on; refresh before the first check. For one that the book holds
    /// already the addresses change, and what it signed stays.
    ///
    /// - Returns: The authority's id in this book.
    /// - Throws: ``WalletError/untrusted`` where its root key is none,
    ///   ``WalletError/invalidArgument`` for an address that is none or not `https`,
    ///   `ReaderProblem.full`.
    @discardableResult
    public func trust(_ authority: TrustedAuthority) async throws(WalletError) -> HeldAuthority.ID {
        try await lifetime.call { core, _ in try await core.trust(authority: authority) }
    }

    /// Trusts an authority no longer, and deletes what it signed. One that the book does not hold
    /// is no error.
    public func distrust(_ authority: HeldAuthority.ID) async throws(WalletError) {
        try await lifetime.call { core, _ in try await core.distrust(authority: authority) }
    }

    /// Whom the reader trusts, how old what it knows is, and how the book is.
    public func status() async throws(WalletError) -> ReaderStatus {
        try await lifetime.call { core, _ in try await core.status() }
    }

    /// Reads everything in the book and says what is damaged. It takes longer the more there is.
    public func examine() async throws(WalletError) -> Health {
        try await lifetime.call { core, _ in try await core.examine() }
    }

    /// Fetches the trust lists and bundles that are due, or all.
    ///
    /// It may be called at any time, and cancelled or killed at any instant. Failures of the
    /// network are in the report, which also says when to call again.
    ///
    /// - Parameters:
    ///   - scope: What is due, or all.
    ///   - budget: How long it may take; `nil` for 25 seconds.
    @discardableResult
    public func refresh(
        _ scope: RefreshScope = .due,
        within budget: Duration? = nil
    ) async throws(WalletError) -> ReaderReport {
        try await lifetime.call { core, cancel in
            ReaderReport(try await core.refresh(what: scope, budgetMs: budget?.wholeMilliseconds, cancel: cancel))
        }
    }
}

// MARK: - Checking

extension ReaderBook {
    /// Judges the text of a QR that comes once, such as one that was pasted. Where a camera runs,
    /// use a ``Look``. For any text there is a verdict.
    ///
    /// - Parameters:
    ///   - text: What was read.
    ///   - challenge: The challenge that must be answered; `nil` where none was asked.
    ///   - category: The code of a category that the holder must hold today.
    /// - Throws: `ReaderProblem.noAuthority`, and `ReaderProblem.noSuchChallenge` for one that this
    ///   object did not make.
    public func check(
        _ text: String,
        answering challenge: Challenge? = nil,
        category: String? = nil
    ) async throws(WalletError) -> Checked {
        try await lifetime.call { core, _ in
            try await core.check(text: text, category: category, challenge: challenge?.id)
        }
    }

    /// Begins to follow one camera, with the question of each of its verdicts as for a check. Have
    /// one for each camera and each question, and close it when the camera closes.
    public func look(answering challenge: Challenge? = nil, category: String? = nil) throws(WalletError) -> Look {
        let look = Look(
            try lifetime.callNow { core in try core.look(category: category, challenge: challenge?.id) })
        looks.withLock { all in
            all.removeAll { $0.value == nil }
            all.append(Weak(value: look))
        }
        // The book may have been closed in between.
        try lifetime.callNow { _ in }
        return look
    }

    /// A challenge to show as a QR: its answer cannot be a recording. It counts for 120 seconds. It
    /// is signed where the reader has a key, and then the driver sees that the name is proven.
    ///
    /// - Parameters:
    ///   - reader: Who asks, as the driver will read it: 1 to 64 bytes, not beginning with `dl1:`.
    ///   - wantsFace: Whether the driver is asked to show the face too.
    /// - Throws: ``WalletError/invalidArgument`` for another name.
    public func ask(as reader: String, wantsFace: Bool = false) throws(WalletError) -> Challenge {
        try lifetime.callNow { core in try core.ask(reader: reader, wantsFace: wantsFace) }
    }

    /// A challenge of 8 digits to read out. It counts for three attempts and 120 seconds.
    public func askByDigits() throws(WalletError) -> Challenge {
        try lifetime.callNow { core in try core.askByDigits() }
    }
}

// MARK: - The log

extension ReaderBook {
    /// The newest checks, newest first.
    public func log(limit: Int = 100) async throws(WalletError) -> CheckLog {
        try await lifetime.call { core, _ in try await core.log(limit: limit) }
    }

    /// The whole log as a file of JSON lines, the oldest check first. Where the reader has a key,
    /// the last line signs all before it.
    public func exportedLog() async throws(WalletError) -> Data {
        try await lifetime.call { core, _ in try await core.exportedLog() }
    }

    /// Deletes the checks that are older than so many days, all for 0. Call it daily with the time
    /// that the law allows.
    ///
    /// - Returns: How many were deleted.
    @discardableResult
    public func forgetLog(olderThanDays days: Int) async throws(WalletError) -> Int {
        try await lifetime.call { core, _ in try await core.forgetLog(olderThanDays: days) }
    }
}

/// What is held before one camera: it makes one verdict of many pictures.
///
/// A code is judged once while the camera sees it; the phone changes it every ten seconds,
/// and the face comes between. A code that comes back later is refused, since it was seen before.
public final class Look: Sendable {
    private let lifetime: Lifetime<VidimusCore.Look>

    init(_ core: VidimusCore.Look) {
        lifetime = Lifetime(core)
    }

    /// Takes the texts of all codes in one picture, in any order, and gives what is new; nothing
    /// for a picture that showed nothing new. Give it every picture with a code in it, also the same
    /// again: a look ends when nothing of it was seen for ten seconds. After a call that was cancelled
    /// the next one gives the verdict again, since the answer may have been lost.
    ///
    /// Nothing is given when a look ends. Take a verdict off the screen when another sight than its own
    /// comes, and when none has come for as long as the person may have gone; `OfficerApp` takes it off
    /// after two minutes.
    ///
    /// - Throws: As ``ReaderBook/check(_:answering:category:)`` does.
    public func take(_ texts: [String]) async throws(WalletError) -> [Sight] {
        try await lifetime.call { core, cancel in try await core.take(texts: texts, cancel: cancel) }
    }

    /// Forgets what was held before the camera. Releasing the last reference does the same.
    public func close() {
        lifetime.close()
    }
}

/// Joins faces from their frames, for a reader that judges by a ``Verifier``; a ``Look`` does it by
/// itself. At most four faces are collected at once. Have one for each driver, since it keeps
/// faces.
public final class FaceCollector: Sendable {
    private let core: VidimusCore.FaceCollector

    /// One that has read nothing.
    ///
    /// - Throws: ``WalletError/internal`` for a fault of this library.
    public init() throws(WalletError) {
        do {
            core = try VidimusCore.FaceCollector()
        } catch {
            throw WalletError(error)
        }
    }

    /// Takes the text of a scanned QR as a frame of a face: frames come in any order, and again.
    ///
    /// - Returns: How far that face has come; `nil` where the text is no frame, or where the whole
    ///   is not what its frames say of it.
    @discardableResult
    public func take(_ text: String) throws(WalletError) -> FaceProgress? {
        do {
            return try core.take(text: text)
        } catch {
            throw WalletError(error)
        }
    }

    /// The face that belongs to a verdict, a JPEG, once all of its frames were taken: the authority
    /// signed this very picture in the license. `nil` before, and where the authority's signature
    /// does not hold.
    ///
    /// Still compare it with the person, and heed the verdict: the face of a revoked license is
    /// given too.
    public func face(of verdict: Verdict) throws(WalletError) -> Data? {
        guard let digest = verdict.findings.portraitDigest else { return nil }
        do {
            return try core.face(portraitDigest: digest)
        } catch {
            throw WalletError(error)
        }
    }
}

/// What a refresh of a reader's book did.
public struct ReaderReport: Hashable, Sendable {
    /// What is new, in the order in which it came.
    public let changes: [ReaderSubject]

    /// What was asked for and could not be fetched; it will be asked for again.
    public let failures: [ReaderFailure]

    /// How many HTTP requests were sent.
    public let requests: Int

    /// After how long to call again; at least a second.
    public let nextIn: Duration

    init(_ core: VidimusCore.ReaderReport) {
        changes = core.changes
        failures = core.failures.map(ReaderFailure.init)
        requests = core.requests
        nextIn = core.nextIn
    }
}

/// Something that a reader could not fetch.
public struct ReaderFailure: Error, Hashable, Sendable {
    /// What was asked for.
    public let subject: ReaderSubject

    /// Why it did not come.
    public let error: WalletError

    init(_ core: VidimusCore.ReaderFailure) {
        subject = core.subject
        error = WalletError(core: core.error)
    }
}

/// An authority that a reader trusts.
public typealias TrustedAuthority = VidimusCore.TrustedAuthority

/// What a reader knows, and how old that is.
public typealias ReaderStatus = VidimusCore.ReaderStatus

/// An authority in a reader's book, and the age of what it signed.
public typealias HeldAuthority = VidimusCore.HeldAuthority

extension HeldAuthority: Identifiable {}

/// A bundle of statuses in a reader's book.
public typealias HeldBundle = VidimusCore.HeldBundle

/// What a refresh of a reader's book asks for.
public typealias ReaderSubject = VidimusCore.ReaderSubject

/// What a picture of the camera showed. Personal data.
public typealias Sight = VidimusCore.Sight

/// A verdict of a book, with what is wrong with the reader itself. Personal data.
public typealias Checked = VidimusCore.Checked

/// What is wrong with a reader itself. It does not prevent a verdict.
public typealias ReaderTrouble = VidimusCore.ReaderTrouble

/// Checks of before. Personal data where they have numbers.
public typealias CheckLog = VidimusCore.CheckLog

/// One check.
public typealias CheckEntry = VidimusCore.CheckEntry

/// What came of a check.
public typealias CheckOutcome = VidimusCore.CheckOutcome
