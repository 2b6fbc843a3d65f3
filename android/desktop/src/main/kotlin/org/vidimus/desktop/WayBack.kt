package org.vidimus.desktop

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.awt.Desktop
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URI

/**
 * Where a browser comes back to after a sign-in: an address of this machine (RFC 8252, section 7.3).
 * On a phone a link opens the app instead.
 *
 * @param came is told the whole address
 */
internal class WayBack(
    private val came: (String) -> Unit,
) : AutoCloseable {
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)

    /** What the authority is told. */
    val address: String = "http://127.0.0.1:${server.address.port}/callback"

    init {
        server.createContext("/callback", ::answer)
        server.start()
    }

    private fun answer(exchange: HttpExchange) {
        exchange.use {
            val query = it.requestURI.rawQuery
            val isOurs = it.requestMethod == "GET" && it.requestURI.path == "/callback" && query != null
            val told = (if (isOurs) "Go back to the window of Vidimus." else "There is nothing here.").toByteArray()
            it.responseHeaders.add("Content-Type", "text/plain; charset=utf-8")
            it.responseHeaders.add("Cache-Control", "no-store")
            it.sendResponseHeaders(if (isOurs) FOUND else MISSING, told.size.toLong())
            it.responseBody.write(told)
            if (isOurs) came("$address?$query")
        }
    }

    override fun close(): Unit = server.stop(0)

    private companion object {
        const val FOUND = 200
        const val MISSING = 404
    }
}

/** Opens a page in the system's browser; `false` where there is none. */
internal fun openInBrowser(address: String): Boolean {
    val desktop = if (Desktop.isDesktopSupported()) Desktop.getDesktop() else return false
    if (!desktop.isSupported(Desktop.Action.BROWSE)) return false
    return try {
        desktop.browse(URI(address))
        true
    } catch (_: IOException) {
        false
    }
}
