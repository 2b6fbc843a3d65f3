package org.vidimus

/** How a wallet reaches its authority: [BuiltIn], or an [HttpTransport] of the app's own. */
public sealed interface NetworkAccess {
    /**
     * The client inside the library: TLS 1.2 and 1.3, no redirects, no cookies, `https` alone
     * except on this machine.
     *
     * @param pinnedCertificates the certificates, in DER, that may vouch for the authority's
     * server; none: all public ones
     */
    public class BuiltIn(
        internal val pinnedCertificates: List<ByteArray> = emptyList(),
    ) : NetworkAccess
}

/** Sends the wallet's HTTP requests where an app wants them to go through its own client. */
public interface HttpTransport : NetworkAccess {
    /**
     * Sends [request] and reads the whole answer, with any status. It follows no redirect, keeps no
     * cookie, and verifies the server's certificate. Called on `Dispatchers.IO`; five seconds after
     * [HttpRequest.timeout] its coroutine is cancelled and the wallet goes on without its answer.
     *
     * @throws DeviceException [DeviceException.Unreachable], [DeviceException.Certificate],
     * [DeviceException.Timeout], [DeviceException.TooLarge] or [DeviceException.Broken]; anything
     * else that is thrown counts as [DeviceException.Failed], and its text is dropped
     */
    public suspend fun send(request: HttpRequest): HttpResponse
}
