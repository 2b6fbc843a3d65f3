package org.vidimus.app

import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import org.vidimus.TrustedAuthority
import org.vidimus.support.Authority
import org.vidimus.support.JcaKeyStore
import org.vidimus.support.Phone
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.time.Duration.Companion.seconds

class OfficerAppTest {
    @Test
    fun `the driver's and the officer's app stand on one key store, and neither moves the other's number`(): Unit =
        runBlocking {
            val keys = JcaKeyStore()
            Authority().use { authority ->
                Phone(authority, keys).use { phone ->
                    val driver = Shell(phone.start())
                    driver.enroll(authority.register())
                    driver.app.end()
                    val before = assertNotNull(keys.readAnchor())

                    val trusted = TrustedAuthority(authority.rootKey, authority.issuer, emptyList())
                    val officer = OfficerApp.start(phone.directory, listOf(trusted), keys, keepsNumbers = true, name = "Patrol 7")
                    officer.send(OfficerAction.Seen)
                    withTimeout(20.seconds) {
                        officer.updates.first { update -> (update.screen as? OfficerScreen.Start)?.v1?.mayCheck == true }
                    }
                    assertEquals(before, keys.readAnchor())
                    assertNotNull(keys.named("reader").readAnchor())

                    val again = Shell(phone.start())
                    again.sees { screen -> (screen as? Screen.License)?.v1 }
                    again.app.end()
                    officer.end()
                }
            }
        }
}
