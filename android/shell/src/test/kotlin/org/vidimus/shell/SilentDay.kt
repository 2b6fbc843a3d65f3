package org.vidimus.shell

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.vidimus.DeviceException
import org.vidimus.app.Action
import org.vidimus.app.Screen
import org.vidimus.app.Trouble
import org.vidimus.shell.support.DriversPhone
import org.vidimus.shell.support.PlayedDriver
import org.vidimus.shell.support.officer
import org.vidimus.support.Authority
import org.vidimus.support.FaultyKeyStore
import java.util.logging.ConsoleHandler
import java.util.logging.Level
import java.util.logging.LogManager
import kotlin.io.path.Path
import kotlin.io.path.writeLines

/**
 * A driver's day in its own process, so that what the native side writes is heard as well. It logs
 * everything that can be logged, prints each update and action, and leaves what no one may read in
 * the file that it is given.
 */
internal object SilentDay {
    /** What the whole output must have in it: the day was lived. */
    const val LIVED = "a day was lived"

    private val secrets = LinkedHashSet<String>()

    @JvmStatic
    fun main(arguments: Array<String>) {
        logEverything()
        runBlocking {
            Authority().use { authority ->
                val keys = FaultyKeyStore()
                DriversPhone(authority, keys).use { phone ->
                    PlayedDriver(phone).use { printing(it) { live(authority, it) } }
                    keys.breakIn("unwrap") { throw DeviceException.Invalidated() }
                    PlayedDriver(phone).use { printing(it) { it.isBlockedBy(Trouble.KEY_INVALIDATED) } }
                }
            }
        }
        Path(arguments.single()).writeLines(secrets)
        println(LIVED)
    }

    private fun logEverything() {
        val root = LogManager.getLogManager().getLogger("")
        root.level = Level.ALL
        root.addHandler(ConsoleHandler().apply { level = Level.ALL })
    }

    private suspend fun printing(
        driver: PlayedDriver,
        live: suspend CoroutineScope.() -> Unit,
    ) = coroutineScope {
        val printer =
            launch(Dispatchers.IO) {
                driver.shell.updates.collect {
                    println(it)
                    println(it.screen)
                }
            }
        live()
        printer.cancel()
    }

    private suspend fun live(
        authority: Authority,
        driver: PlayedDriver,
    ) = with(driver) {
        val registered = authority.register()
        secrets += listOf(registered.id, registered.offer, registered.txCode)
        sees<Screen.Welcome>()
        types { Action.TypeOffer(registered.offer.dropLast(40), it).also(::println) }
        does(Action.ReadOffer)
        sees<Screen.Welcome> { it.v1.refusal != null }
        val license = enroll(registered)
        val holder = checkNotNull(license.card.holder)
        secrets += listOf(license.card.id, holder.familyName, holder.givenNames, holder.name, holder.number)
        secrets += holder.givenNames.split(' ') + holder.familyName.split('-') + "1991-02-28"
        does(Action.Show)
        shown()
        authority.officer().use { officer ->
            for (challenge in listOf(officer.ask("Patrol 7"), officer.askByDigits())) {
                secrets += challenge.text
                shell.link(challenge.text)
                sees<Screen.Answer> { it.v1.asker != null }
                does(Action.AnswerNow)
                shown()
            }
        }
        secrets += "Patrol 7"
        does(Action.History)
        sees<Screen.History> { it.v1.rows.size >= 4 }
        does(Action.Back)
        seesLicense()
        does(Action.Settings)
        does(Action.AskToRemove(license.card.id).also(::println))
        sees<Screen.Settings> { it.v1.licenses.single().asked }
        does(Action.Remove)
        sees<Screen.Welcome>()
        println(shell.updates.value)
    }

    private suspend fun PlayedDriver.shown() {
        secrets += scan(seesCode())
        does(Action.Back)
        seesLicense()
    }
}
