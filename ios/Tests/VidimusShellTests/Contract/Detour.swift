import Foundation
import Vidimus

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Carries requests to where they belong, or to another server in between.
final class Detour: HTTPTransport, @unchecked Sendable {
    private let lock = NSLock()
    private var other: URL?
    private var statuses = Statuses.asTheyAre

    /// What becomes of a status on its way.
    enum Statuses {
        case asTheyAre
        case lost
        case replaced(by: Data)
    }

    init(statuses: Statuses = .asTheyAre) { self.statuses = statuses }

    /// From now on another server answers; `nil` for the right one.
    func lead(to other: URL?) { lock.withLock { self.other = other } }

    /// From now on this becomes of statuses.
    func make(statuses: Statuses) { lock.withLock { self.statuses = statuses } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard var address = URLComponents(string: request.url) else { throw DeviceError.unreachable }
        if let other = lock.withLock({ other }) {
            address.host = other.host()
            address.port = other.port
        }
        guard let url = address.url else { throw DeviceError.unreachable }
        var asked = URLRequest(url: url)
        asked.httpMethod = request.method == .get ? "GET" : "POST"
        asked.httpBody = request.body.isEmpty ? nil : request.body
        for header in request.headers { asked.setValue(header.value, forHTTPHeaderField: header.name) }
        let (body, answer) = try await URLSession.shared.data(for: asked)
        guard let answer = answer as? HTTPURLResponse else { throw DeviceError.broken }
        let headers = answer.allHeaderFields.map { HTTPHeader(name: "\($0)".lowercased(), value: "\($1)") }
        let response = HTTPResponse(status: answer.statusCode, headers: headers, body: body)
        guard headers.contains(where: { $0.value.hasPrefix("application/statuslist+cwt") }) else { return response }
        switch lock.withLock({ statuses }) {
        case .asTheyAre: return response
        case .lost: throw DeviceError.unreachable
        case .replaced(let old): return HTTPResponse(status: answer.statusCode, headers: headers, body: old)
        }
    }
}
