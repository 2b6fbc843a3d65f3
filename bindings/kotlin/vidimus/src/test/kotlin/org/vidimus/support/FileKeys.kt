package org.vidimus.support

import org.vidimus.FileKeyStore
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively

/** A desktop's keys in a folder of their own, until it is closed. */
class FileKeys : AutoCloseable {
    private val folder = createTempDirectory("vidimus-keys")

    val keys = FileKeyStore(folder.resolve("keys"))

    @OptIn(ExperimentalPathApi::class)
    override fun close(): Unit = folder.deleteRecursively()
}
