package org.vidimus.support

import kotlinx.coroutines.future.await
import org.vidimus.DeviceException
import org.vidimus.HttpHeader
import org.vidimus.HttpMethod
import org.vidimus.HttpRequest
import org.vidimus.HttpResponse
import org.vidimus.HttpTransport
import java.io.IOException
import java.net.ConnectException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpTimeoutException
import kotlin.time.toJavaDuration
import java.net.http.HttpRequest as JdkRequest
import java.net.http.HttpResponse as JdkResponse

/**
 * A transport as an app writes it on the client that it has anyway; [before] and [after] run around
 * each request.
 */
class JdkTransport : HttpTransport {
    private val client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build()

    @Volatile
    var before: suspend (HttpRequest) -> Unit = {}

    @Volatile
    var after: suspend (HttpRequest, HttpResponse) -> HttpResponse = { _, answer -> answer }

    override suspend fun send(request: HttpRequest): HttpResponse {
        before(request)
        val body = JdkRequest.BodyPublishers.ofByteArray(request.body)
        val builder = JdkRequest.newBuilder(URI(request.url)).timeout(request.timeout.toJavaDuration())
        request.headers.forEach { builder.header(it.name, it.value) }
        builder.method(if (request.method == HttpMethod.GET) "GET" else "POST", body)
        val answer =
            try {
                client.sendAsync(builder.build(), JdkResponse.BodyHandlers.ofByteArray()).await()
            } catch (_: HttpTimeoutException) {
                throw DeviceException.Timeout()
            } catch (_: ConnectException) {
                throw DeviceException.Unreachable()
            } catch (_: IOException) {
                throw DeviceException.Broken()
            }
        if (answer.body().size > request.maxBody) throw DeviceException.TooLarge()
        val headers = answer.headers().map().flatMap { (name, values) -> values.map { HttpHeader(name, it) } }
        return after(request, HttpResponse(answer.statusCode(), headers, answer.body()))
    }
}
