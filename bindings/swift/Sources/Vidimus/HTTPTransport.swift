import VidimusCore

/// Carries HTTP requests where an app brings its own network, such as `URLSession`, instead of the
/// wallet's.
///
/// Throw a ``DeviceError``; anything else counts as ``DeviceError/failed``. Follow no redirects,
/// keep no cookies, and read at most `HTTPRequest.maxBody` bytes: the wallet itself decides where a
/// token may go.
public protocol HTTPTransport: Sendable {
    /// Sends a request and reads the whole answer, with any status, within `HTTPRequest.timeout`.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

/// One HTTP request. Its headers and body carry tokens: do not log them.
public typealias HTTPRequest = VidimusCore.HttpRequest

/// One HTTP answer. Its body carries tokens and licenses: do not log it.
public typealias HTTPResponse = VidimusCore.HttpResponse

/// One header of a request or an answer.
public typealias HTTPHeader = VidimusCore.HttpHeader

/// The methods that the wallet uses.
public typealias HTTPMethod = VidimusCore.HttpMethod

/// Shows the core a transport of the app's own.
final class ForeignTransport: VidimusCore.CoreHttpTransport {
    private let transport: any HTTPTransport

    init(_ transport: any HTTPTransport) {
        self.transport = transport
    }

    func send(request: VidimusCore.HttpRequest) async throws -> VidimusCore.HttpResponse {
        // Its own limit comes first.
        try await asDevice(within: request.timeout + .seconds(5)) { [transport] in try await transport.send(request) }
    }
}
