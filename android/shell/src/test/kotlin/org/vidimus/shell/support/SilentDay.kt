package org.vidimus.shell.support

import kotlinx.coroutines.runBlocking
import org.vidimus.DeviceException
import org.vidimus.LicenseStatus
import org.vidimus.shell.Screen
import org.vidimus.shell.ShowState
import org.vidimus.shell.Trouble
import org.vidimus.support.Authority
import org.vidimus.support.FaultyKeyStore
import org.vidimus.support.reader
import java.util.logging.ConsoleHandler
import java.util.logging.Level
import java.util.logging.LogManager
import kotlin.io.path.Path
import kotlin.io.path.writeLines

/**
 * A driver's day in a process of its own, so that what the native side writes is heard as well. It logs whatever can
 * be logged, prints each screen, and leaves what nobody may read in the file that it is given.
 */
object SilentDay {
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
                    Driver(phone).use { live(authority, it) }
                    keys.breakIn("unwrap") { throw DeviceException.Invalidated() }
                    Driver(phone).use {
                        it.model.start()
                        it.isBlockedBy(Trouble.KEY_INVALIDATED)
                        it.seen.forEach(::println)
                    }
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

    private suspend fun live(
        authority: Authority,
        driver: Driver,
    ) {
        val model = driver.model
        val registered = authority.register()
        secrets += listOf(registered.id, registered.offer, registered.txCode)
        model.start()
        driver.sees<Screen.Welcome>()
        model.typeOffer(registered.offer.dropLast(40))
        model.readOffer()
        driver.sees<Screen.Welcome> { it.state.refusal != null }
        model.typeOffer(registered.offer)
        model.readOffer()
        driver.sees<Screen.Offer>()
        model.typeCode(registered.txCode.reversed())
        model.typeCode(registered.txCode)
        model.takeOffer()
        val card = driver.seesLicense { it.card.portrait != null }.card
        val holder = checkNotNull(card.holder)
        secrets += listOf(card.id, holder.familyName, holder.givenNames, holder.name, holder.number)
        secrets += holder.givenNames.split(' ') + holder.familyName.split('-') + "${holder.birthDate}"

        authority.reader(driver.phone.wallet).use { officer ->
            model.show()
            shown(driver)
            for (challenge in listOf(officer.ask("Patrol 7"), officer.askByDigits())) {
                secrets += challenge.text
                model.answer()
                driver.sees<Screen.Answer>()
                if (challenge.symbol == null) {
                    model.typeAnswer(challenge.text)
                    model.readAnswer()
                } else {
                    model.scan()
                    driver.sees<Screen.Scan>()
                    model.scanned(challenge.text)
                }
                driver.sees<Screen.Answer> { it.state.asker != null }
                model.answerNow()
                shown(driver)
            }
        }
        secrets += "Patrol 7"
        authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
        model.refresh()
        driver.seesTrouble(Trouble.SUSPENDED)
        model.history()
        driver.sees<Screen.History> { it.state.rows.size >= 4 }
        model.back()
        driver.seesLicense()
        model.settings()
        driver.sees<Screen.Settings>()
        model.askToRemove(card.id)
        driver.sees<Screen.Settings> { it.state.removing != null }
        model.remove()
        driver.sees<Screen.Welcome>()
        driver.seen.forEach(::println)
        println(driver.phone.wallet.status.value)
    }

    private suspend fun shown(driver: Driver) {
        secrets += driver.seesShow<ShowState.Live>().code.symbol.scan()
        driver.model.back()
        driver.seesLicense()
    }
}
