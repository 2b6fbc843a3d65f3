import Foundation
import VidimusConversions
import VidimusCore

/// A driver's wallet: it keeps licenses, refreshes their status, and shows them as a rotating QR.
///
/// All of it may be used from any task, several at once. Cancelling a task stops the work behind
/// its call, which then throws ``WalletError/cancelled``; what was stored before stays, and the
/// next call goes on from there.
public final class Wallet: Sendable {
    package let lifetime: Lifetime<VidimusCore.Wallet>
    private let presentations = Locked<[Weak<Presentation>]>([])
    private let board = StatusBoard()

    private init(_ core: VidimusCore.Wallet) {
        lifetime = Lifetime(core)
    }

    deinit {
        close()
    }

    /// Makes a wallet in an empty folder.
    ///
    /// - Parameters:
    ///   - directory: The folder of the wallet; made where it is missing. Keep it out of backups.
    ///   - rootKey: The public key that signs the authority's trust list: a COSE_Key, as the
    ///     authority publishes it.
    ///   - authority: The authority's address: `https`, or `http` on this machine.
    ///   - keyStore: The device's keys. They outlive the wallet: open it later with the same ones.
    ///   - network: How the authority is reached.
    /// - Throws: `VaultProblem.alreadyExists`, `NetworkProblem.addressNotAllowed`,
    ///   ``WalletError/untrusted`` for a root key that is none, and the problems of the key store
    ///   and the disk.
    public static func create(
        at directory: URL,
        trusting rootKey: Data,
        authority: URL,
        keyStore: any KeyStore,
        network: NetworkAccess = .publicRoots
    ) async throws(WalletError) -> Wallet {
        let config = VidimusCore.WalletConfig(
            directory: directory.filePath,
            rootKey: rootKey,
            authority: authority.absoluteString,
            pinnedCertificates: network.pinnedCertificates
        )
        let core = try await cancellable { cancel in
            try await createWallet(
                config: config,
                bootId: bootSession,
                keys: keyStore.forCore,
                transport: network.forCore,
                cancel: cancel
            )
        }
        return Wallet(core)
    }

    /// Opens the wallet of a folder.
    ///
    /// - Throws: `VaultProblem.notFound`, `VaultProblem.hadBefore`, `VaultProblem.newerVersion`,
    ///   `VaultProblem.otherDevice`, `VaultProblem.keyInvalidated`, `VaultProblem.damaged`, and the
    ///   problems of the key store and the disk. Nothing is deleted in any case; see
    ///   ``setAside(at:)``.
    public static func open(
        at directory: URL,
        keyStore: any KeyStore,
        network: NetworkAccess = .publicRoots
    ) async throws(WalletError) -> Wallet {
        let core = try await cancellable { cancel in
            try await openWallet(
                directory: directory.filePath,
                bootId: bootSession,
                pinnedCertificates: network.pinnedCertificates,
                keys: keyStore.forCore,
                transport: network.forCore,
                cancel: cancel
            )
        }
        return Wallet(core)
    }

    /// Moves a wallet that cannot be used any more to a folder beside it, so that a new one can be
    /// made. Nothing is deleted.
    ///
    /// - Returns: The folder that it was moved to.
    /// - Throws: `VaultProblem.notFound` where there is none.
    @discardableResult
    public static func setAside(at directory: URL) throws(WalletError) -> URL {
        do {
            return URL(filePath: try VidimusCore.setAside(directory: directory.filePath), directoryHint: .isDirectory)
        } catch {
            throw WalletError(error)
        }
    }

    /// Ends the calls under way and every presentation of this wallet, and wipes its keys. Later
    /// calls throw ``WalletError/closed``. Releasing the last reference does the same.
    ///
    /// It returns at once. A call that waits for an answer that an issuer sends only once still
    /// stores it, and a removal is completed. The keys are wiped when the last such call has ended.
    public func close() {
        lifetime.close()
        for presentation in presentations.withLock({ $0 }) { presentation.value?.close() }
        board.finish()
    }

    /// The authority's address that the wallet was made with.
    public var authority: URL {
        get throws(WalletError) {
            let address = try lifetime.callNow { core in try core.authority() }
            guard let url = URL(string: address) else { throw .internal }
            return url
        }
    }
}

// MARK: - Getting licenses

extension Wallet {
    /// Reads a credential offer as scanned or typed, and asks its issuer for its name and what it
    /// issues. It spends nothing.
    ///
    /// - Throws: `OfferProblem.malformed`, `OfferProblem.unsupported`,
    ///   `OfferProblem.attestationDemanded`, `OfferProblem.gone`,
    ///   `IssuerProblem.metadata`, and the problems of the network.
    public func readOffer(_ text: String) async throws(WalletError) -> Offer {
        try await lifetime.call { core, cancel in try Offer(await core.readOffer(text: text, cancel: cancel)) }
    }

    /// Takes up an offer: the license is issued, verified, stored, and its first status fetched.
    ///
    /// Take up the same offer again after a failure: it continues where the earlier call ended.
    /// After a success it returns the same license.
    ///
    /// - Parameters:
    ///   - offer: What ``readOffer(_:)`` read.
    ///   - txCode: The transaction code, where ``Offer/txCode`` asks for one.
    /// - Returns: The license's id in this wallet.
    /// - Throws: `OfferProblem.txCodeRequired`, `OfferProblem.txCodeMalformed`,
    ///   `OfferProblem.refused`, the problems of the issuer, the network and the key store, and
    ///   ``WalletError/untrusted``.
    @discardableResult
    public func enroll(_ offer: Offer, txCode: String? = nil) async throws(WalletError) -> HeldLicense.ID {
        try await posting { () async throws(WalletError) in
            try await lifetime.call { core, cancel in
                try await core.enroll(offer: offer.core, txCode: txCode, cancel: cancel)
            }
        }
    }

    /// The licenses that the wallet holds, read anew, without their portraits. A damaged one is
    /// listed as such.
    public func licenses() async throws(WalletError) -> [HeldLicense] {
        try await posting { () async throws(WalletError) in
            try lifetime.callNow { core in try core.overview().licenses }
        }
    }

    /// The portrait of a license, a JPEG; `nil` where it has none.
    public func portrait(of license: HeldLicense.ID) async throws(WalletError) -> Data? {
        try await lifetime.call { core, _ in try await core.portrait(license: license) }
    }

    /// Removes a license with its keys from this device. The authority is not told.
    public func remove(_ license: HeldLicense.ID) async throws(WalletError) {
        try await posting { () async throws(WalletError) in
            try await lifetime.call { core, _ in try await core.remove(license: license) }
        }
    }
}

// MARK: - Keeping them fresh

extension Wallet {
    /// Asks the authority for what is due, or for all. Call it from a background task, and when the
    /// driver pulls to refresh.
    ///
    /// It may be called at any time, and cancelled or killed at any instant. Failures of the
    /// network are in the report, which also says when to call again.
    ///
    /// - Parameters:
    ///   - scope: What is due, or trust list and status in any case.
    ///   - budget: How long it may take; what is not done by then is done next time. `nil` for 25
    ///     seconds, the library's own choice.
    /// - Throws: The problems of the vault, and ``WalletError/cancelled`` before it began. One that
    ///   has begun ends at once when its task is cancelled, and reports what it did until then.
    @discardableResult
    public func refresh(
        _ scope: RefreshScope = .due,
        within budget: Duration? = nil
    ) async throws(WalletError) -> RefreshReport {
        let report: RefreshReport
        do {
            report = try await lifetime.call { core, cancel in
                RefreshReport(
                    try await core.refresh(what: scope, budgetMs: budget?.wholeMilliseconds, cancel: cancel))
            }
        } catch {
            await post()
            throw error
        }
        await post(report)
        return report
    }

    /// Refreshes what is due until its task is cancelled, for an app that is on the screen, such as
    /// `.task { try? await wallet.keepFresh() }`. It returns when the wallet is closed.
    ///
    /// - Throws: ``WalletError/storage(_:)`` and other errors of the wallet, where it can no longer
    ///   be read or written, and ``WalletError/cancelled``.
    public func keepFresh() async throws(WalletError) {
        let longest = try longestPause()
        var scope = RefreshScope.opened
        while true {
            var pause = longest
            do {
                pause = min(try await refresh(scope).nextIn, longest)
                scope = .due
            } catch .closed {
                return
            } catch .storage(.busy) {
                // Another process has the wallet: it refreshes, too.
            }
            await lifetime.pause(until: .now + pause)
            if Task.isCancelled { throw .cancelled }
        }
    }

    /// What the wallet holds: at once, and again after each ``enroll(_:txCode:)``,
    /// ``refresh(_:within:)``, ``remove(_:)``, ``licenses()`` and ``examine()`` of this object.
    ///
    /// Each use is a separate stream, which holds the newest value until it is read, and ends when
    /// the wallet is closed. `StatusReport.age` is that of the reading: count from `asOf` what is
    /// shown for longer. What another process does to the same wallet is seen with this one's next
    /// call.
    public var status: AsyncStream<WalletStatus> {
        let stream = board.subscribe()
        Task { await post() }
        return stream
    }

    /// Makes a call that changes the wallet, and then sends what is stored to those who watch, also
    /// after a failure.
    func posting<Result>(
        _ call: () async throws(WalletError) -> Result
    ) async throws(WalletError) -> Result {
        do {
            let result = try await call()
            await post()
            return result
        } catch {
            await post()
            throw error
        }
    }

    /// Reads what the wallet holds and hands it to those who watch; with what a refresh just did.
    private func post(_ report: RefreshReport? = nil) async {
        if let report, let now = try? await time().now {
            board.refreshed(LastRefresh(at: now, report: report))
        }
        guard let turn = board.nextTurn() else { return }
        if let overview = try? lifetime.callNow({ core in try core.overview() }) {
            board.post(overview, turn: turn)
        }
    }

    private func longestPause() throws(WalletError) -> Duration {
        do {
            return try longestRefreshPause()
        } catch {
            throw WalletError(error)
        }
    }
}

// MARK: - Showing them

extension Wallet {
    /// Starts to show a license to anyone who looks, for at most five minutes.
    ///
    /// - Throws: ``WalletError/noSuchLicense``, `VaultProblem.damaged`.
    public func present(_ license: HeldLicense.ID) async throws(WalletError) -> Presentation {
        try await start { core in try await core.present(license: license) }
    }

    /// Reads a reader's challenge: the text of its QR, or the 8 digits that an officer reads out.
    ///
    /// - Throws: `ChallengeProblem.malformed`, `ChallengeProblem.recorded`.
    public func readChallenge(_ text: String) async throws(WalletError) -> ReaderRequest {
        try await lifetime.call { core, _ in try ReaderRequest(await core.readChallenge(text: text)) }
    }

    /// Starts to answer a challenge with a license. Show first who asks, and whether that is
    /// proven.
    public func answer(
        _ request: ReaderRequest,
        with license: HeldLicense.ID
    ) async throws(WalletError) -> Presentation {
        try await start { core in try await core.answer(license: license, request: request.core) }
    }

    private func start(
        _ begin: @escaping @Sendable (VidimusCore.Wallet) async throws -> VidimusCore.Presentation
    ) async throws(WalletError) -> Presentation {
        let presentation = Presentation(try await lifetime.call { core, _ in try await begin(core) })
        presentations.withLock { all in
            all.removeAll { $0.value == nil }
            all.append(Weak(value: presentation))
        }
        // The wallet may have been closed in between.
        try lifetime.callNow { _ in }
        return presentation
    }
}

// MARK: - How it is

extension Wallet {
    /// The newest entries of the activity log, newest first.
    public func activity(limit: Int = 100) async throws(WalletError) -> Activity {
        try await lifetime.call { core, _ in try await core.activity(limit: limit) }
    }

    /// Reads everything in the vault and says what is damaged. It takes longer the more there is.
    public func examine() async throws(WalletError) -> Health {
        try await posting { () async throws(WalletError) in
            try await lifetime.call { core, _ in try await core.examine() }
        }
    }

    /// The signed trust list that is held, for a ``Verifier`` on the same device; `nil` before the
    /// first refresh.
    public func trustList() async throws(WalletError) -> Data? {
        try await lifetime.call { core, _ in try await core.trustList() }
    }

    /// The best known time, and how sure it is.
    public func time() async throws(WalletError) -> TimeEstimate {
        try await lifetime.call { core, _ in try await core.time() }
    }
}
