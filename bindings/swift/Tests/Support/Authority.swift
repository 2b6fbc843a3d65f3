import Foundation

/// The real licensing authority, on a loopback port, until the last reference to it is gone.
public final class Authority: @unchecked Sendable {
    /// Its public root key.
    public let rootKey: Data
    /// Its address.
    public let url: URL

    private let home: TemporaryFolder
    private var server: Process
    private var clock: String?
    private let counting = NSLock()
    private var registered = 0

    /// A driver in its register, and the offer for the driver's wallet.
    public struct Added: Decodable, Sendable {
        /// Its name in the register.
        public let licenseID: String
        /// The offer.
        public let offer: String
        /// The same as an address, to be asked for.
        public let offerByReference: String
        /// The code that comes another way.
        public let txCode: String

        enum CodingKeys: String, CodingKey {
            case licenseID = "license_id"
            case offer
            case offerByReference = "offer_by_reference"
            case txCode = "tx_code"
        }
    }

    /// Makes its keys, and serves on a free port; by a clock that is wrong by so much, as in `-2d`
    /// or `+3h`.
    public static func start(clock: String? = nil) async throws -> Authority {
        let home = try TemporaryFolder()
        _ = try await command(home, clock, ["init", "--country", "ZZ", "--name", "Ministry of Roads"])
        let (server, url) = try serve(home, clock, listen: "127.0.0.1:0")
        let rootKey = try Data(contentsOf: home.appending("root.cose"))
        return Authority(home: home, server: server, url: url, rootKey: rootKey, clock: clock)
    }

    private init(home: TemporaryFolder, server: Process, url: URL, rootKey: Data, clock: String?) {
        self.home = home
        self.server = server
        self.url = url
        self.rootKey = rootKey
        self.clock = clock
    }

    deinit {
        stop()
    }

    /// Ends its server; no one listens from then on.
    public func stop() {
        guard server.isRunning else { return }
        // It inherited a thread's signal mask, which holds back a polite signal for ever.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
    }

    /// Goes on as if it were another time: its commands at once, and what it serves after a
    /// ``restart()``. The new clock contradicts the last signature, so it is accepted as a clerk
    /// would: by today's date.
    public func setClock(_ clock: String?) async throws {
        struct Shown: Decodable { let clock: TimeInterval }
        self.clock = clock
        let shown = try await JSONDecoder().decode(Shown.self, from: Self.command(home, clock, ["clock", "show"]))
        let today = Date(timeIntervalSince1970: shown.clock).formatted(.iso8601.year().month().day())
        _ = try await Self.command(home, clock, ["clock", "accept", "--today", today])
    }

    /// Serves anew at the same address.
    public func restart() throws {
        stop()
        let listen = "\(url.host() ?? ""):\(url.port ?? 0)"
        let (server, url) = try Self.serve(home, clock, listen: listen)
        guard url == self.url else { throw Elsewhere() }
        self.server = server
    }

    /// Registers a driver. Each after the first has its own license number: a live number is not
    /// added twice.
    public func register(_ driver: Driver = Driver()) async throws -> Added {
        var driver = driver
        let before = counting.withLock {
            defer { registered += 1 }
            return registered
        }
        if before > 0 { driver.licenseNumber += "-\(before)" }
        let file = home.appending("driver-\(UUID().uuidString).json")
        try JSONEncoder().encode(driver).write(to: file)
        let words = ["license", "add", "--file", file.path, "--portrait", Driver.portrait.path]
        return try JSONDecoder().decode(Added.self, from: await Self.command(home, clock, words))
    }

    /// Says who may drive: a name such as `suspended`.
    public func setStatus(_ status: String, of license: Added) async throws {
        _ = try await Self.command(home, clock, ["status", "set", license.licenseID, status])
    }

    /// Offers a license to another phone; the old one ends as soon as that has it.
    public func offerAnew(_ license: Added) async throws -> Added {
        let words = ["license", "offer", license.licenseID, "--replace"]
        return try JSONDecoder().decode(Added.self, from: await Self.command(home, clock, words))
    }

    /// Lists a reader's public key, a COSE_Key: from now on a driver's phone knows its name.
    public func listReader(_ key: Data, as name: String) async throws {
        let file = home.appending("reader-\(UUID().uuidString).cose")
        try key.write(to: file)
        _ = try await Self.command(home, clock, ["reader", "add", "--key", file.path, name])
        _ = try await Self.command(home, clock, ["publish"])
    }

    /// Signs with the next keys from now on, and so signs the trust list anew.
    public func rotateKeys() async throws {
        _ = try await Self.command(home, clock, ["rotate-keys", "--now"])
    }

    /// Names a reader's key in the trust list, and gives its 32 secret bytes.
    public func addReader(_ name: String) async throws -> Data {
        struct Key: Decodable { let secret: String }
        let file = home.appending("reader-\(UUID().uuidString).json")
        _ = try await Self.command(home, clock, ["reader", "add", name, "--out", file.path])
        let secret = try JSONDecoder().decode(Key.self, from: Data(contentsOf: file)).secret
        let base64 = secret.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard let key = Data(base64Encoded: base64 + padding) else { throw Unreadable() }
        return key
    }

    private static func serve(
        _ home: TemporaryFolder, _ clock: String?, listen: String
    ) throws -> (server: Process, url: URL) {
        let (server, output) = try process(home, clock, ["serve", "--listen", listen])
        try server.run()
        // It says where it listens in its first line, and nothing after.
        struct Serving: Decodable { let issuer: URL }
        let line = output.fileHandleForReading.availableData
        return (server, try JSONDecoder().decode(Serving.self, from: line).issuer)
    }

    private static func process(
        _ home: TemporaryFolder, _ clock: String?, _ words: [String]
    ) throws -> (process: Process, output: Pipe) {
        let process = Process()
        let output = Pipe()
        process.executableURL = try Environment.cli
        process.arguments = ["authority", "--home", home.url.path, "--json"] + words
        process.standardOutput = output
        if let clock {
            let inherited = ProcessInfo.processInfo.environment
            process.environment = inherited.merging(try FakeTime.variables(clock)) { _, new in new }
        }
        return (process, output)
    }

    private static func command(
        _ home: TemporaryFolder, _ clock: String?, _ words: [String]
    ) async throws -> Data {
        let (process, output) = try process(home, clock, words)
        return try await withCheckedThrowingContinuation { continuation in
            // A line or two: less than a pipe holds, so nothing waits for a reader.
            process.terminationHandler = { ended in
                if ended.terminationStatus == 0 {
                    continuation.resume(returning: output.fileHandleForReading.readDataToEndOfFile())
                } else {
                    continuation.resume(throwing: Failed(words: words, status: ended.terminationStatus))
                }
            }
            do {
                try process.run()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    struct Failed: Error {
        let words: [String]
        let status: Int32
    }

    struct Elsewhere: Error {}

    struct Unreadable: Error {}
}

/// A driver and a license, as an authority's register takes them.
public struct Driver: Encodable, Sendable {
    /// The family name.
    public var familyName = "Nakamura-Østergård"
    /// The given names.
    public var givenNames = "Zoë 美咲"
    /// The license's number.
    public var licenseNumber = "ZZ-4711-0815"
    /// The day of birth.
    public let birthDate = "1991-02-28"
    /// The license's first day.
    public let issueDate = "2020-06-01"
    /// The license's last day.
    public var expiryDate = "2035-05-31"
    /// The country.
    public let issuingCountry = "ZZ"
    /// What may be driven.
    public let categories = [Category(code: "B", from: "2010-03-01", until: "2035-05-31")]

    /// What may be driven.
    public struct Category: Encodable, Sendable {
        let code: String
        let from: String
        let until: String
    }

    enum CodingKeys: String, CodingKey {
        case familyName = "family_name"
        case givenNames = "given_names"
        case licenseNumber = "license_number"
        case birthDate = "birth_date"
        case issueDate = "issue_date"
        case expiryDate = "expiry_date"
        case issuingCountry = "issuing_country"
        case categories
    }

    /// A driver of a name.
    public init(family: String = "Nakamura-Østergård", given: String = "Zoë 美咲") {
        familyName = family
        givenNames = given
    }

    /// The portrait of the command line's demo.
    public static let portrait = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../cli/assets/portrait.jpg").standardizedFileURL
}
