import Foundation
import Vidimus

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A transport written in Swift, over `URLSession`; it can be told to do worse.
final class SessionTransport: HTTPTransport {
    /// What is done before a request is sent: it may throw, or never return.
    typealias Obstacle = @Sendable (HTTPRequest) async throws -> Void

    private let obstacle: Guarded<Obstacle?>
    private let sent = Guarded(0)

    private let session: URLSession

    init(obstacle: Obstacle? = nil) {
        self.obstacle = Guarded(obstacle)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieAcceptPolicy = .never
        session = URLSession(configuration: configuration, delegate: NoRedirects(), delegateQueue: nil)
    }

    deinit {
        session.invalidateAndCancel()
    }

    /// How many requests it was given.
    var requests: Int { sent.value }

    /// From now on.
    func setObstacle(_ obstacle: Obstacle?) {
        self.obstacle.value = obstacle
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        sent.value += 1
        try await obstacle.value?(request)
        guard let url = URL(string: request.url) else { throw DeviceError.unreachable }
        var asked = URLRequest(url: url)
        asked.httpMethod = request.method == .get ? "GET" : "POST"
        asked.httpBody = request.body.isEmpty ? nil : request.body
        for header in request.headers { asked.setValue(header.value, forHTTPHeaderField: header.name) }
        let (body, answer) = try await session.data(for: asked)
        guard let answer = answer as? HTTPURLResponse else { throw DeviceError.broken }
        guard body.count <= request.maxBody else { throw DeviceError.tooLarge }
        let headers = answer.allHeaderFields.map { HTTPHeader(name: "\($0)".lowercased(), value: "\($1)") }
        return HTTPResponse(status: answer.statusCode, headers: headers, body: body)
    }
}

/// The wallet itself decides where a request may go.
private final class NoRedirects: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}

/// A value behind a lock.
final class Guarded<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: Value

    init(_ value: Value) {
        stored = value
    }

    var value: Value {
        get {
            lock.lock()
            defer { lock.unlock() }
            return stored
        }
        set {
            lock.lock()
            defer { lock.unlock() }
            stored = newValue
        }
    }
}
